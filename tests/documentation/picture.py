"""Pictures of a terminal, from what the command really prints: `python -m tests.documentation.picture` draws them.

A test compares them. rich turns escapes into SVG; the frame is ours, since its own asks another host for a font.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from contextlib import chdir
from datetime import date
from math import ceil
from pathlib import Path
from typing import NamedTuple

from rich.console import Console as RichConsole
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from checker import applying
from checker.command_line import main
from checker.console import Console
from tests.in_process import forget
from tests.packaging.offline import ROOT
from tests.repository import TODAY

FOLDER = ROOT / "docs" / "pictures"
_COLUMNS = 100
_THEME = TerminalTheme(
    (22, 27, 34),
    (214, 222, 235),
    [
        (72, 79, 88),
        (255, 123, 114),
        (86, 211, 100),
        (227, 179, 65),
        (121, 192, 255),
        (210, 168, 255),
        (86, 212, 221),
        (214, 222, 235),
    ],
)
"""A dark window, as terminals are, on pages of either kind; a test holds each colour's contrast to WCAG's AA."""
_FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">
<title>{title}</title>
<style>
{styles}
text {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px;
  line-height: {line_height}px; font-variant-ligatures: none; white-space: pre; }}
</style>
<rect width="{width}" height="{height}" rx="8" fill="rgb(22,27,34)" stroke="rgb(139,148,158)"/>
<circle cx="20" cy="20" r="6" fill="rgb(110,118,129)"/>
<circle cx="40" cy="20" r="6" fill="rgb(110,118,129)"/>
<circle cx="60" cy="20" r="6" fill="rgb(110,118,129)"/>
<g transform="translate({terminal_x}, {terminal_y})">
{matrix}
</g>
</svg>
"""


class Picture(NamedTuple):
    """One picture: what is typed, on which files, and which rules' findings are shown."""

    name: str
    command: str
    manifest: str
    rules: tuple[str, ...]


PICTURES = (
    Picture(
        "stopped",
        "weighbridge check",
        (ROOT / "examples" / "stopped" / "model.yaml").read_text(encoding="utf-8"),
        ("license-allowed", "training-fits"),
    ),
    Picture(
        "first-check",
        "weighbridge check",
        "weighbridge: 1\nowner: support-platform\nmodels:\n"
        "  - model: Qwen/Qwen2.5-7B-Instruct\n    objective: chat\n"
        "    deployment: {context_window: 8192, hardware: {gpu: L4}}\n",
        ("revision-pinned",),
    ),
)


def drawn(picture: Picture) -> str:
    """The picture, as SVG."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        os.chdir(_made("support-bot"))
        Path("model.yaml").write_text(picture.manifest, encoding="utf-8")
        printed = _printed(picture.command)
    text = f"\x1b[32m$\x1b[0m {picture.command}\n{_shortened(printed, picture.rules)}"
    console = RichConsole(
        record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Text.from_ansi(text))
    return _plainer(
        console.export_svg(title=picture.command, theme=_THEME, code_format=_frame(picture), unique_id=picture.name)
    )


def _made(name: str) -> str:
    Path(name).mkdir()
    return name


def _printed(command: str) -> str:
    forget(applying)  # a process reads each file once
    out = io.StringIO()
    environ = {"FORCE_COLOR": "1"}
    main(command.split()[1:], Console(out, io.StringIO(), io.StringIO(), environ, date.fromisoformat(TODAY)))
    return out.getvalue()


def _shortened(printed: str, rules: tuple[str, ...]) -> str:
    """The project, the findings of these rules, and the last two lines."""
    first, *paragraphs, last = printed.split("\n\n")
    head = first.splitlines()[0]
    found = [one for one in paragraphs if any(f": {rule}: " in one.partition("\n")[0] for rule in rules)]
    assert len(found) >= len(rules), "the picture shows findings that the command prints"
    return "\n\n".join((head, *map(_essence, found), "[…]", "\n".join(last.splitlines()[-2:])))


def _essence(finding: str) -> str:
    """What was found, what was expected, what to do and who can do it; `[…]` for the figures between."""
    lines = finding.splitlines()
    end = [line for line in lines if "remedy:" in line or "settles:" in line]
    return "\n".join((*lines[:6], *(["  […]"] if len(lines) > 6 + len(end) else []), *end))


def _frame(picture: Picture) -> str:
    """Our frame; rich fills in what stands in braces."""
    return _FRAME.replace("{title}", f"What {picture.command} prints of a model that is stopped")


def _plainer(svg: str) -> str:
    """With a whole number as its height, some room below, and without the clip that rich sets around each line.

    Nothing reaches out of a line, and some viewers draw nothing that is clipped.
    """
    height = re.search(r'viewBox="0 0 \d+ ([\d.]+)"', svg)
    assert height, "the frame has a height"
    taller = svg.replace(height[1], f"{ceil(float(height[1])) + 12}")
    return re.sub(r' clip-path="url\(#[^"]*\)"', "", taller)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for one in PICTURES:
        (FOLDER / f"{one.name}.svg").write_text(drawn(one), encoding="utf-8", newline="\n")
    sys.stdout.write("drawn\n")
