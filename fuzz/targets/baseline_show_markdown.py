"""Results of an evaluation for documents."""

from checker.commands.of_baseline.show import _as_text
from fuzz.captured import SHOWN
from fuzz.rendered import of
from fuzz.wellformed import markdown

seeds, one = of(SHOWN, _as_text, markdown, given={"markdown": True})
