"""Resolves many models and what they descend from, several at once; one that fails takes no other with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeAlias

from checker.facts.locked.resolve import Entered
from checker.hub.errors import Failure, HubError
from checker.value import NamedTuple

MAX_DEPTH = 8
"""Generations above a model: the longest chains of base models on the Hub have half as many."""
MAX_MODELS = 2_000
"""A lock is no catalogue: more than this many models, ancestors among them, are refused."""
_ID = re.compile(r"[\w-][\w.-]{0,95}/[\w-][\w.-]{0,95}|[\w-][\w.-]{0,95}", re.ASCII)


class Wanted(NamedTuple):
    """One model to resolve."""

    model: str
    revision: str | None
    """As the manifest writes it; None where it names none."""
    asked: str | None = None
    """The revision that is asked for: the commit that the lock holds, else `revision`."""
    depth: int = 0
    """0 for a model that somebody named; 1 for its parents."""
    child: str = ""
    """The model that names this one as its parent."""

    @property
    def key(self) -> tuple[str, str | None]:
        """What stands once in a lock."""
        return self.model.casefold(), self.revision


class Failed(NamedTuple):
    """A model that could not be resolved."""

    wanted: Wanted
    error: HubError


class Attempt(NamedTuple):
    """What came of one model: an entry, and what is missing from it."""

    entered: Entered
    problem: HubError | None = None
    """Why the entry lacks what files would tell."""


class Results(NamedTuple):
    """What came of all models; both sorted by model."""

    entered: tuple[tuple[Wanted, Entered], ...]
    failed: tuple[Failed, ...]
    """Models without an entry, and models whose entry lacks what their files would tell."""


Resolve: TypeAlias = Callable[[Wanted], Attempt]
Progress: TypeAlias = Callable[[int, int], None]
"""Told how many models are done, and how many are known of."""


def resolve_all(
    named: Iterable[Wanted],
    resolve: Resolve,
    *,
    jobs: int,
    locked_commit: Callable[[str], str | None] = lambda _: None,
    progress: Progress = lambda done, known: None,
) -> Results:
    """Resolve models and everything that they descend from.

    Args:
        named: the models that manifests name; of equal ones the first counts.
        resolve: resolves one, in a thread of its own.
        jobs: how many at once.
        locked_commit: the commit at which an ancestor is locked already; None where it is not.
        progress: told after each model.
    """
    todo = list({wanted.key: wanted for wanted in reversed(list(named))}.values())[::-1]
    known = {wanted.model.casefold() for wanted in todo}
    entered: list[tuple[Wanted, Entered]] = []
    failed: list[Failed] = []
    finished = 0
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="lock")
    try:
        running: dict[Future[Attempt], Wanted] = {}
        while todo or running:
            running |= {pool.submit(resolve, wanted): wanted for wanted in todo}
            todo = []
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                wanted = running.pop(done)
                try:
                    found = done.result()
                except HubError as error:
                    failed.append(Failed(wanted, error))
                else:
                    entry = found.entered.entry._replace(ancestor_only=wanted.depth > 0)
                    entered.append((wanted, found.entered._replace(entry=entry)))
                    failed += [Failed(wanted, found.problem)] if found.problem is not None else []
                    todo += _ancestors(wanted, found.entered, known, locked_commit, failed)
                finished += 1
            progress(finished, finished + len(running) + len(todo))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return Results(
        tuple(sorted(entered, key=lambda pair: (pair[0].model.casefold(), pair[0].revision or ""))),
        tuple(sorted(failed, key=lambda one: (one.wanted.depth, one.wanted.model.casefold()))),
    )


def _ancestors(
    child: Wanted,
    found: Entered,
    known: set[str],
    locked_commit: Callable[[str], str | None],
    failed: list[Failed],
) -> Iterator[Wanted]:
    """The parents of a model that nobody has asked for yet: a circle of parents ends here."""
    known.add(found.entry.id.casefold())
    stated = found.entry.facts.parents
    for parent in stated.value if stated is not None else ():
        name = parent.model
        if name.casefold() in known:
            continue
        known.add(name.casefold())
        commit = locked_commit(name)
        wanted = Wanted(name, None, commit, child.depth + 1, child.model)
        if _ID.fullmatch(name) is None:
            remedy = "nothing to do where the publisher named a folder of theirs; else tell them"
            failed.append(Failed(wanted, HubError(Failure.BAD_ID, f"`{name[:100]}` is no id on the Hub", remedy)))
        elif wanted.depth > MAX_DEPTH or len(known) > MAX_MODELS:
            limit = f"{MAX_DEPTH} generations" if wanted.depth > MAX_DEPTH else f"{MAX_MODELS} models"
            sentence = f"{name} was not resolved: more than {limit}"
            failed.append(Failed(wanted, HubError(Failure.MISREAD, sentence, "lock it by itself")))
        else:
            yield wanted
