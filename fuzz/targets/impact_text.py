"""What a new policy would change, as text."""

from checker.impact.as_text import render
from fuzz.captured import FLEET, NEWER
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of(
    "policy impact --from policy.yaml --to new.yaml src --output text", render, text, files=FLEET | {"new.yaml": NEWER}
)
