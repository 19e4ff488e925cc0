"""What `lock` did, for a terminal."""

from checker.document.errors import visible
from checker.hub.outcome import as_text
from fuzz.captured import LOCKED
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(
    LOCKED, as_text, text, written=lambda outcome: "".join(f"{visible(line)}\n" for line in as_text(outcome))
)
