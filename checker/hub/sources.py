"""Resolves models without any Hub: from the catalogue, from the Hub's local cache, or from folders with their files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from checker.document.errors import InputError
from checker.facts.catalogue import Catalogue
from checker.facts.locked.from_disk import Progress, entry_from_cache, entry_from_folder
from checker.hub.donors import from_catalogue
from checker.hub.drift import is_pin
from checker.hub.endpoint import endpoint
from checker.hub.environment import refuse_unreadable
from checker.hub.errors import Failure, HubError
from checker.hub.resolve import Attempt, Resolve, Wanted
from checker.licenses.identify import known_as


def by_catalogue(catalogue: Catalogue, at: str) -> Resolve:
    """Entries made of the catalogue alone."""
    return lambda wanted: Attempt(from_catalogue(catalogue, wanted.model, wanted.revision, at))


def by_cache(cache: Path, at: str) -> Resolve:
    """Entries made of what the Hub's client has downloaded on this machine."""

    def resolve(wanted: Wanted) -> Attempt:
        try:
            entered = entry_from_cache(cache, model=wanted.model, revision=wanted.asked, at=at, identify=known_as)
        except InputError as error:
            raise _unusable(wanted, error) from error
        if entered is None:
            asked = f" at {wanted.asked}" if wanted.asked else ""
            raise HubError(
                Failure.NOT_THERE,
                f"the cache {cache.as_posix()} holds no {wanted.model}{asked}",
                "download it with `hf download`, or leave out --from-cache",
            )
        return Attempt(entered._replace(entry=entered.entry._replace(revision=wanted.revision)))

    return resolve


def by_folders(
    folders: Mapping[str, Path], otherwise: Resolve, at: str, *, hash_weights: bool, progress: Progress
) -> Resolve:
    """Entries of some models from folders, and of all others from elsewhere."""

    def resolve(wanted: Wanted) -> Attempt:
        folder = folders.get(wanted.model)
        if folder is None:
            return otherwise(wanted)
        try:
            entered = entry_from_folder(
                folder,
                model=wanted.model,
                revision=wanted.revision,
                # Nobody can tell from the files which commit they are of: the manifest's own word is taken.
                commit=wanted.revision if is_pin(wanted.revision) else None,
                at=at,
                hash_weights=hash_weights,
                progress=progress,
                identify=known_as,
            )
        except InputError as error:
            raise _unusable(wanted, error) from error
        return Attempt(entered)

    return resolve


def _unusable(wanted: Wanted, error: InputError) -> HubError:
    problem = error.problems[0]
    where = problem.at or problem.file
    sentence = f"{wanted.model} cannot be read from this machine: {where}: {problem.sentence}"
    return HubError(Failure.NOT_THERE, sentence, f"expected {problem.expected}" if problem.expected else "look there")


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Where the Hub's client keeps what it downloads, by the same variables, read when this is called.

    Raises:
        InputError: a variable ends the import of that client, which knows how the folder is laid out.
    """
    endpoint(environ)  # it reads this one as well
    refuse_unreadable(environ)
    home = environ.get("XDG_CACHE_HOME") or "~/.cache"
    hub = environ.get("HF_HOME") or f"{home}/huggingface"
    stated = environ.get("HF_HUB_CACHE") or environ.get("HUGGINGFACE_HUB_CACHE") or f"{hub}/hub"
    # Of a home that nobody has, `expanduser` here leaves the name as it is; the library's own would raise.
    return Path(os.path.abspath(os.path.expanduser(stated)))  # noqa: PTH100, PTH111
