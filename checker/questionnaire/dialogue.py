"""Talks with a person: wraps what is said to the terminal's width, and reads one line at a time."""

from __future__ import annotations

from textwrap import fill

from checker.console import Console
from checker.document.errors import visible

_WIDEST = 100
_NARROWEST = 24


class Dialogue:
    """One conversation: questions go to standard error, so that standard output holds the manifest alone."""

    def __init__(self, console: Console, columns: int, *, emphasis: bool) -> None:
        """Take the terminal.

        Args:
            console: where questions go and answers come from.
            columns: how wide the terminal is.
            emphasis: whether headings may be bold.
        """
        self._console = console
        self._width = max(_NARROWEST, min(columns - 1, _WIDEST))
        self._emphasis = emphasis

    def heading(self, text: str) -> None:
        """Begin a part."""
        self._console.err.write("\n\x1b[1m" if self._emphasis else "\n")
        self.say(text)
        self._console.err.write("\x1b[0m" if self._emphasis else "")

    def say(self, text: str, indent: int = 0, hanging: int = 0) -> None:
        """Say something, its first line indented, the others by `hanging` more."""
        first, rest = " " * indent, " " * (indent + hanging)
        wrapped = fill(
            visible(text),
            self._width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        self._console.err.write(f"{wrapped}\n")

    def line(self, prompt: str) -> str:
        """The next line, without the spaces around it.

        Raises:
            KeyboardInterrupt: there is none: the input has ended.
        """
        while True:
            self._console.err.write(visible(prompt))
            self._console.err.flush()
            try:
                line = self._console.stdin.readline()
            except UnicodeDecodeError:
                self.say("that line is no text in this terminal's encoding")
                continue
            if not line:
                self._console.err.write("\n")
                raise KeyboardInterrupt
            return line.strip()
