"""A run of which a line is left in a journal, whatever ends it (`--record`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from checker.console import Console
from checker.document.system import told
from checker.request import Request
from checker.runs import journal, recording
from checker.verdict import Report


def recorded(
    folder: Path, request: Request, console: Console, judge: Callable[[], Report], write: Callable[[Report], None]
) -> Report:
    """Judge, write, and leave a line that says with which code that ended.

    The state of the repository is that from before the outputs were written, which may change it.

    Args:
        folder: the folder of journals.
        request: what the run is asked to do.
        console: where it takes place.
        judge: what comes to a verdict.
        write: what writes the outputs.

    Raises:
        InputError: the run cannot be recorded, or what the two raise, which is recorded.
    """
    journal.prepare(folder)
    line = None
    try:
        with told():
            result = judge()
            line = recording.recorded(result, _now(), console.environ)
            write(result)
            console.out.flush()  # a full disk shows only here
    except Exception as error:
        begun = line or recording.begun(request, _now(), console.environ)
        journal.append(folder, recording.ended(begun, error))
        raise
    journal.append(folder, line.model_copy(update={"time": recording.to_the_second(_now())}))
    return result


def _now() -> datetime:
    return datetime.now(UTC)
