"""A progress bar on a terminal, and nothing anywhere else."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, TextIO

from checker.document.errors import InputError

if TYPE_CHECKING:
    from tqdm import tqdm


def bars() -> type[tqdm[Any]]:
    """The library's class of bars; importing it takes 20 ms.

    Raises:
        InputError: a variable `TQDM_…` is no value of its option; the library reads them while it is imported.
    """
    try:
        from tqdm import tqdm
    except (ValueError, TypeError) as error:
        sentence = f"a variable that begins with TQDM_ is no value of its option: {error}"
        raise InputError.one(sentence, expected="what tqdm takes, or no such variable", file="environment") from error
    return tqdm


class Bar:
    """Shows how far a long work has come; silent where the stream is no terminal."""

    def __init__(self, stream: TextIO, title: str, *, unit: str = "model") -> None:
        self._stream = stream
        self._title = title
        self._unit = unit
        self._bar: tqdm[NoReturn] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def update(self, done: int, known: int) -> None:
        """So much is done of what is known of by now."""
        if not self._stream.isatty():
            return
        with self._lock:
            if self._bar is None:
                self._bar = self._open(known)
            self._bar.total = known
            self._bar.n = done
            self._bar.refresh()

    def file(self, path: str, done: int, size: int) -> None:
        """So many bytes of a file are read."""
        self._title = path
        self.update(done, size)
        if done >= size:
            self._close()

    def _open(self, total: int) -> tqdm[NoReturn]:
        return bars()(
            total=total,
            desc=self._title,
            unit=self._unit,
            unit_scale=self._unit == "B",
            file=self._stream,
            leave=False,
            dynamic_ncols=True,
        )

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
