"""The waivers of a file, for a terminal."""

from checker.commands.of_waiver.list import _lines
from checker.document.errors import visible
from fuzz.captured import LISTED
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(LISTED, _lines, text, written=lambda waivers: "".join(f"{visible(line)}\n" for line in _lines(waivers)))
