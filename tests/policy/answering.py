"""What policy files come to, whole: every rule with its levels, values and who set each, or every word of what is wrong.

Each case of a file in `answers/` begins with a title (`== …`) and its files (`-- NAME`): `policy.yaml` is resolved, with
`weighbridge-policy.yaml` as the project's layer and with `layer.yaml` as a layer that somebody writes elsewhere. What
it comes to stands below `=>`, and a test compares it. What each further rule changes in a pack is left out: the digest of
a policy over one, and how many rules stand as the pack set them (`test_digest.py` says what a digest is made of).
`python -m tests.policy.answering` writes the answers anew: read the difference before you commit it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

from checker.document.errors import InputError, render_problem
from checker.document.place import SourceFile
from checker.document.tree import parse
from checker.policy.custom_page import pages
from checker.policy.extend import extended
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy, Policy, Rank, ResolvedRule
from checker.policy.waivers import Terms

FOLDER = Path(__file__).parent / "answers"
PROJECT, LAYER = "weighbridge-policy.yaml", "layer.yaml"


class Case(NamedTuple):
    """Policy files, and what a reader calls them."""

    title: str
    files: tuple[tuple[str, str], ...]


def cases(text: str) -> Iterator[Case]:
    """The cases that a file of answers holds, without the answers."""
    for block in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        title, _, rest = block.partition("\n")
        parts = re.split(r"^-- ", rest.partition("\n=>")[0], flags=re.MULTILINE)[1:]
        named = (part.partition("\n") for part in parts)
        yield Case(title, tuple((name, f"{content.rstrip()}\n") for name, _, content in named))


def blocks() -> Iterator[str]:
    """Each case of each file, with its answer."""
    for path in sorted(FOLDER.glob("*.txt")):
        for block in re.split(r"^(?=== )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            yield f"{block.rstrip()}\n"


def written(case: Case) -> str:
    """A case with what its files come to now."""
    files = "".join(f"-- {name}\n{content}" for name, content in case.files)
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for name, content in case.files:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(content, encoding="utf-8")
        answer = "\n".join(_answer(dict(case.files))).replace(str(Path(folder).resolve()), "…")
    return f"== {case.title}\n{files}=>\n{answer}".rstrip() + "\n"


def _answer(files: dict[str, str]) -> list[str]:
    try:
        policy = load(Choice("policy.yaml", ChosenBy.OPTION), Path(PROJECT) if PROJECT in files else None)
        if LAYER in files:
            policy = extended(policy, parse(SourceFile(LAYER, files[LAYER])), "the layer", Path("elsewhere"))
    except InputError as error:
        return [line for problem in error.problems for line in render_problem(problem).splitlines()]
    own = [rule for rule in policy.rules.values() if any(by.layer.rank is not Rank.PACK for by in rule.set_by.values())]
    others = len(policy.rules) - len(own)
    asides = ["and the others as packs set them"] if others else []
    return [*_head(policy), *(line for rule in own for line in _rule(rule)), *asides, *_pages(policy)]


def _head(policy: Policy) -> list[str]:
    project = f", with the project's layer {policy.project_sha256[:12]}" if policy.project_sha256 else ""
    said = policy.organisation
    facts = [f"seat {said.seat.value}"] if said.seat else []
    facts += [f"{one.value.value} users in {one.month.value}" for one in said.users]
    facts += [f"revenue of {one.value.value} {one.currency.value} in {one.year.value}" for one in said.revenue]
    over_a_pack = any(layer.rank is Rank.PACK for layer in policy.layers)
    return [
        f"{policy.name} {policy.version} by {policy.chosen_by}, {'…' if over_a_pack else policy.sha256[:12]}{project}",
        f"layers: {', '.join(f'{layer.name} ({layer.rank})' for layer in policy.layers)}",
        *([f"organisation: {', '.join(facts)}"] if facts else []),
        *([f"providers: {', '.join(policy.providers.allowed)}"] if policy.providers.allowed is not None else []),
        *([_waivers(policy.waivers)] if policy.waivers else []),
        *(f"reads: {opinion.sentence}" for opinion in policy.opinions),
    ]


def _waivers(terms: Terms) -> str:
    demands = ", ".join(f"{key}: {value}" for key, value in terms.demands().items())
    return f"waivers by {terms.layer} ({terms.at}) in {terms.folder.as_posix()}: {demands}"


def _rule(rule: ResolvedRule) -> list[str]:
    levels = ", ".join(f"{step.enforcement} from {step.begins}" for step in rule.schedule.steps)
    values = rule.stated()
    lines = [f"{rule.id}{' (custom)' if rule.custom else ''}: {levels}"]
    lines += [
        f"  {name}{f' {values[name]!r}' if name in values else ''}: {by.layer.name} ({by.layer.rank}) at {by.at}"
        for name, by in rule.set_by.items()
    ]
    return lines


def _pages(policy: Policy) -> list[str]:
    return [f"page: {' | '.join(map(str, page))}" for page in pages(policy)]


if __name__ == "__main__":
    for path in sorted(FOLDER.glob("*.txt")):
        answers = map(written, cases(path.read_text(encoding="utf-8")))
        path.write_text("\n".join(answers), encoding="utf-8", newline="\n")
