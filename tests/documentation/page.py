"""The output in the pages: `python -m tests.documentation.page` writes it, and a test compares it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

from tests.documentation.blocks import is_made
from tests.documentation.not_run import not_run
from tests.hooks import tutorial
from tests.packaging import fit_page, pages
from tests.packaging.offline import ROOT
from tests.packaging.terminal import Terminal, put
from tests.selection import page as select_page
from tests.worked import page as worked_page

DOCS = ROOT / "docs"
ELSEWHERE = frozenset((*fit_page.PAGES, *worked_page.PAGES, select_page.PAGE, tutorial.PAGE))
"""Pages that a writer of their own goes through."""
PAGES = tuple(
    page
    for page in sorted(DOCS.rglob("*.md"))
    if page not in ELSEWHERE and not is_made(page) and "```console\n" in page.read_text("utf-8")
)
"""Pages whose commands run in an empty folder, one after the other, on the files that stand before them."""
_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (
            ("NAME", "A Developer"),
            ("EMAIL", "developer@example.com"),
            ("DATE", "2026-11-27T12:00:00+0000"),
        )
    },
}


def gone_through(page: str, prepare: Callable[[Terminal], None] | None = None) -> str:
    """The page with what its commands print; what cannot be run here stays as it is written."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    terminal = Terminal({**plain, **_ENVIRONMENT})
    kept = _shown(page)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "here"  # reports show a folder's name where a manifest names no project
        place.mkdir()
        with chdir(place):
            if prepare is not None:
                prepare(terminal)
            return pages.written(page, lambda one: kept[one] if not_run(one) else terminal(one), put)


def _shown(page: str) -> dict[str, str]:
    """What the page says that each command prints."""
    found: dict[str, str] = {}
    for block in re.findall(r"^```console\n(.*?)^```", page, re.DOTALL | re.MULTILINE):
        for one, printed in zip(pages.commands(block), re.split(r"^\$ ", block, flags=re.MULTILINE)[1:], strict=True):
            found[one] = printed.removeprefix(f"{one}\n")
    return found


def _two_policies(terminal: Terminal) -> None:
    """A policy that is changed and not committed, and twenty projects beside its repository."""
    terminal("git init --quiet")
    old = "policy: acme\nversion: 1\nextends: weighbridge:enterprise\nrules:\n"
    put("acme/policy.yaml", f"{old}  license-allowed: {{allow: [Apache-2.0, MIT, llama3.1]}}\n")
    terminal("git add .")
    terminal("git commit --quiet --message first")
    new = old.replace("version: 1", "version: 2")
    put(
        "acme/policy.yaml",
        f"{new}  license-allowed: {{allow: [Apache-2.0, MIT, gemma]}}\n  size-class: soft-mandatory\n",
    )
    for number in range(19):
        put(f"../projects/bot-{number}/model.yaml", _manifest(f"bot-{number}", "team1", "Qwen/Qwen2.5-7B-Instruct"))
    put("../projects/search/model.yaml", _manifest("search", "team2", "meta-llama/Llama-3.1-8B-Instruct"))


def _manifest(project: str, owner: str, model: str) -> str:
    commit = {"Q": "a09a35458c702b33eeacc393d103063234e8bc28", "m": "0e9e39f249a16976918f6564b8830bc894c89659"}[
        model[0]
    ]
    return (
        f"weighbridge: 1\nproject: {project}\nowner: {owner}\nmodels:\n"
        f"  - {{model: {model}, revision: {commit}, objective: chat}}\n"
    )


PREPARED: dict[str, Callable[[Terminal], None]] = {"policy-impact": _two_policies}
"""What lies there before the first command of a page that is not about it."""


if __name__ == "__main__":
    for one in PAGES:
        pages.write_here(one, lambda page, name=one.stem: gone_through(page, PREPARED.get(name)))
