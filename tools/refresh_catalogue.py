"""Refreshes the shipped catalogue from the Hub: `python3 dev.py catalogue ID…`, `FILE` with an id a line, or `--all`.

It prints what the Hub says otherwise, and what was kept all the same. What could not be resolved is named on stderr and
makes the exit code 3; the others are refreshed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from checker.facts.catalogue import SHIPPED, Catalogue
from checker.facts.locked.entry import LockEntry
from checker.facts.refresh import refresh
from checker.hub.client import Hub, stored_token
from checker.hub.endpoint import endpoint
from checker.hub.errors import HubError
from checker.hub.locking import Online


def ids_of(arguments: Sequence[str]) -> tuple[str, ...]:
    """Ids as they are, of a file its lines, of `--all` the whole catalogue; each once, in their order."""
    ids: list[str] = []
    for argument in arguments:
        if argument == "--all":
            ids += Catalogue().ids()
        elif Path(argument).is_file():
            lines = Path(argument).read_text(encoding="utf-8").splitlines()
            ids += [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
        else:
            ids.append(argument)
    return tuple(dict.fromkeys(ids))


def run(ids: Iterable[str], resolve: Callable[[str], LockEntry], folder: Path = SHIPPED) -> int:
    """Refresh model after model, so that one that fails takes no other with it."""
    failed = 0
    for model in ids:
        try:
            changes = refresh((model,), resolve, folder)
        except HubError as error:
            failed += 1
            print(f"{model}: {error}", file=sys.stderr)
            continue
        for change in changes:
            print(change)
    return 3 if failed else 0


def main(arguments: Sequence[str]) -> int:
    """Refresh the models that the arguments name."""
    ids = ids_of(arguments)
    if not ids:
        print(__doc__, file=sys.stderr)
        return 2
    asked = endpoint(os.environ, anonymous=False)
    with Hub(asked, None if asked.anonymous else stored_token(os.environ)) as hub:
        online = Online(hub, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), (), Catalogue())
        return run(ids, lambda model: online.fresh(model, None))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
