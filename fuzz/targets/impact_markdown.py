"""What a new policy would change, as markdown."""

from checker.impact.as_markdown import render
from fuzz.captured import FLEET, NEWER
from fuzz.rendered import of
from fuzz.wellformed import markdown

seeds, one = of(
    "policy impact --from policy.yaml --to new.yaml src --output markdown", render, markdown, files=FLEET | {"new.yaml": NEWER}
)
