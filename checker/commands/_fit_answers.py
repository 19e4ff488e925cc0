"""The answers of `fit` in the form that was asked for: one plan, several models on the same GPUs, or a manifest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from checker.console import Console
from checker.document.errors import InputError, visible
from checker.document.write import replace_file
from checker.exit_code import ExitCode
from checker.memory.fit import Fit
from checker.memory.plan import ServingPlan
from checker.sizing import as_json, as_markdown, as_text
from checker.sizing.answer import Answer
from checker.sizing.entries import EntryAnswer
from checker.sizing.json_types import FORMAT_VERSION, JsonAnswer, JsonEntries, JsonRefusal
from checker.sizing.serving_report import Extras
from checker.sizing.start import KUBERNETES, Start, start
from checker.sizing.subject import Unanswerable
from checker.sizing.together import Together, beside_each_other, together
from checker.value import NamedTuple


class Wanted(NamedTuple):
    """What is printed."""

    json: bool = False
    markdown: bool = False
    command: str | None = None
    """The target of `--command`."""
    image: str | None = None


def print_one(result: Answer | Unanswerable, extras: Extras, wanted: Wanted, console: Console) -> int:
    """Print the answer to one plan."""
    if isinstance(result, Unanswerable):
        _refuse(result, wanted, console)
    elif wanted.command is not None and not _started([("", result)], wanted, console):
        pass
    elif wanted.json:
        console.out.write(as_json.as_text(as_json.answered(result, _with_start(extras, result, wanted))))
    elif wanted.markdown:
        console.out.write(as_markdown.as_markdown(result, _with_start(extras, result, wanted)))
    elif wanted.command is None:
        console.out.write(as_text.as_text(result, extras))
    return code([result])


def _refuse(result: Unanswerable, wanted: Wanted, console: Console) -> None:
    if wanted.json:
        console.out.write(as_json.as_text(as_json.unknown(result)))
    else:
        console.err.write(as_text.of_refusal(result))


def _with_start(extras: Extras, answer: Answer, wanted: Wanted) -> Extras:
    if wanted.command is None:
        return extras
    return extras._replace(start=start(answer, wanted.command, wanted.image))


def _started(named: Sequence[tuple[str, Answer]], wanted: Wanted, console: Console) -> bool:
    """Print start commands and nothing else; False where one was asked for of what does not fit.

    A file or a shell reads them, so that verdicts and reasons go to standard error.
    """
    failing = [(name, answer) for name, answer in named if answer.fit is Fit.NO]
    for name, answer in failing:
        console.err.write(f"{visible(_named(name, answer))}: {as_text.verdict(answer)}: no command is printed\n")
    if failing:
        return False
    if wanted.json or wanted.markdown:
        return True
    assert wanted.command is not None
    made = [(name, answer, start(answer, wanted.command, wanted.image)) for name, answer in named]
    between = "---\n" if wanted.command == KUBERNETES else "\n"
    console.out.write(between.join(_text(name, answer, each) for name, answer, each in made))
    return True


def _named(name: str, answer: Answer) -> str:
    return name or answer.subject.name


def _text(name: str, answer: Answer, made: Start) -> str:
    """A start command between comments: what it is for above, and what its options say below."""
    above = [f"{f'{name}: ' if name else ''}{as_text.title(answer)}", as_text.verdict(answer)]
    if made.target != KUBERNETES:
        above += made.launch.notes
    below = [f"{' '.join(flag.words)}: {flag.why}; {flag.source}" for flag in made.launch.flags]
    return f"{_comments(above)}{made.text}{_comments(below)}"


def _comments(lines: Iterable[str]) -> str:
    return "".join(f"# {visible(line)}\n" for line in lines)


def print_entries(manifest: Path | None, answers: Sequence[EntryAnswer], wanted: Wanted, console: Console) -> int:
    """Print the answers to several plans, and what those need together that share their GPUs."""
    answers, shared = _shared(answers)
    results: list[Answer | Unanswerable] = [each.result for each in answers]
    named = [(each.entry, each.result) for each in answers if isinstance(each.result, Answer) and not each.training]
    ended = code(results, shared)
    if wanted.command is not None:
        named = _startable(named, wanted.command)
        if shared is not None and shared.fit is Fit.NO:
            console.err.write(f"{as_text.together_verdict(shared)}: no command is printed\n")
            return ended
        if not _started(named, wanted, console) or not (wanted.json or wanted.markdown):
            return ended
    if wanted.json:
        console.out.write(as_json.as_text(_as_json(manifest, answers, shared, wanted)))
    else:
        console.out.writelines(_as_text(answers, shared, wanted))
    return ended


def _startable(named: Sequence[tuple[str, Answer]], target: str) -> list[tuple[str, Answer]]:
    """The deployments that `--command` starts: all for a cluster, else those of that runtime.

    Raises:
        InputError: there is none.
    """
    found = [(name, answer) for name, answer in named if _starts(answer, target)]
    if found:
        return found
    runtimes = sorted({answer.plan.runtime.value for _, answer in named if isinstance(answer.plan, ServingPlan)})
    if not runtimes:
        sentence = "`--command` starts a server, and no entry is served"
        raise InputError.one(sentence, expected="a `deployment` block", file="fit")
    sentence = f"`--command {target}`, and no entry is served by it"
    raise InputError.one(sentence, expected=f"--command {' or '.join(runtimes)}", file="fit")


def _starts(answer: Answer, target: str) -> bool:
    return isinstance(answer.plan, ServingPlan) and target in (KUBERNETES, answer.plan.runtime.value)


def _shared(answers: Sequence[EntryAnswer]) -> tuple[Sequence[EntryAnswer], Together | None]:
    """Those that share GPUs, added up, each with its part; nothing of fewer than two, or where one is unknown."""
    sharing = [each for each in answers if each.shares]
    named = [(each.entry, each.result) for each in sharing if isinstance(each.result, Answer)]
    if len(named) < 2 or len(named) < len(sharing):
        return answers, None
    found = together(named)
    parts = iter(beside_each_other(found))
    return [each._replace(result=next(parts)) if each.shares else each for each in answers], found


def _as_json(
    manifest: Path | None, answers: Sequence[EntryAnswer], shared: Together | None, wanted: Wanted
) -> JsonEntries:
    records: list[JsonAnswer | JsonRefusal] = []
    for each in answers:
        made: JsonAnswer | JsonRefusal
        if isinstance(each.result, Answer):
            served = _wanted_of(each.result, wanted)
            made = as_json.answered(each.result, _with_start(Extras(), each.result, served))
        else:
            made = as_json.unknown(each.result)
        made["entry"] = each.entry
        made["kind"] = "training" if each.training else "serving"
        records.append(made)
    entries = JsonEntries(format=FORMAT_VERSION, manifest=manifest.as_posix() if manifest else None, answers=records)
    if shared is not None:
        entries["together"] = as_json.shared(shared)
    return entries


def _as_text(answers: Sequence[EntryAnswer], shared: Together | None, wanted: Wanted) -> Iterable[str]:
    for index, each in enumerate(answers):
        kind = "fine_tuning" if each.training else "deployment"
        name = f"{each.entry}, {kind}"
        yield ("" if index == 0 else "\n") + (as_markdown.heading(name) if wanted.markdown else f"{visible(name)}\n")
        if isinstance(each.result, Unanswerable):
            refusal = as_text.of_refusal(each.result)
            yield as_markdown.of_refusal(refusal) if wanted.markdown else refusal
        elif wanted.markdown:
            served = _wanted_of(each.result, wanted)
            yield as_markdown.as_markdown(each.result, _with_start(Extras(), each.result, served))
        else:
            yield as_text.as_text(each.result)
    if shared is not None:
        yield "\n"
        yield as_markdown.of_together(shared) if wanted.markdown else as_text.of_together(shared)


def _wanted_of(answer: Answer, wanted: Wanted) -> Wanted:
    """Without a start command for what it does not start."""
    starts = wanted.command is not None and _starts(answer, wanted.command)
    return wanted if starts else wanted._replace(command=None)


def draw(path: str, picture: str) -> None:
    """Write a picture in one step."""
    replace_file(Path(path), picture)


def code(results: Sequence[Answer | Unanswerable], shared: Together | None = None) -> int:
    """The exit code that answers have: 1 where one does not fit, 3 where one is unknown."""
    if shared is not None and shared.fit is Fit.NO:
        return ExitCode.BLOCKED
    if any(isinstance(result, Answer) and result.fit is Fit.NO for result in results):
        return ExitCode.BLOCKED
    unknown = any(not isinstance(result, Answer) for result in results)
    return ExitCode.UNKNOWN if unknown else ExitCode.OK
