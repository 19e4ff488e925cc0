"""Writes anew what the tree derives from itself: `python3 dev.py generate`, or with names of parts.

The source of each part is a file that a person writes: a record, a row, a rule, a module's docstring. A test compares
each part with its source, so that what was forgotten is noticed; this is the one command that such a test asks for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]


def catalogue() -> None:
    """The form of the catalogue's files, and their digest."""
    from checker.facts.upkeep import upkeep

    upkeep()


def licenses() -> None:
    """The form of the licences' records, the indices of spellings and addresses, and the counts in docs/licenses.md."""
    from checker.licenses import spellings
    from tests.licenses import counts

    spellings.write()
    _write(ROOT / "docs" / "licenses.md", counts.written)


def packs() -> None:
    """A place in the shipped packs and their cases for each rule that has none."""
    from tools import packs as adopted

    adopted.adopt()


def schemas() -> None:
    """The JSON Schemas, from the typed models."""
    import dev

    dev.write_schemas()


def pages() -> None:
    """Tables, lists and pictures of the documentation that stand in code or data."""
    from tests.facts import kind_page
    from tests.memory import gpu_table
    from tests.packaging import architecture
    from tests.report import formats_page

    for page, written in (
        ("classify.md", kind_page.written),
        ("gpus.md", gpu_table.written),
        ("outputs.md", formats_page.written),
    ):
        _write(ROOT / "docs" / page, written)
    architecture.PICTURE.write_text(architecture.drawn(), encoding="utf-8", newline="\n")


def targets() -> None:
    """The fuzzer's target of each output format, and the page of what was fuzzed, which names those that were not."""
    from fuzz import page
    from tests.report.fuzzed import targets as of_formats

    for path, text in of_formats():
        path.write_text(text, encoding="utf-8", newline="\n")
    page.write()


def printed() -> None:
    """What commands print, in the pages that show it, and the pictures of it; takes a minute.

    Raises:
        SystemExit: a page could not be written.
    """
    import dev

    if code := dev.pages(()):
        raise SystemExit(code)


PARTS: dict[str, Callable[[], None]] = {
    one.__name__: one
    for one in (
        catalogue,
        licenses,
        packs,
        schemas,
        pages,
        targets,
        printed,
    )  # in this order: each reads what the ones before wrote
}


def _write(page: Path, written: Callable[[str], str]) -> None:
    page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def main(asked: Sequence[str]) -> int:
    """Write the parts that are asked for, or all; 2 where one is not known."""
    unknown = sorted(set(asked) - PARTS.keys())
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for name, write in PARTS.items():
        if not asked or name in asked:
            write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
