"""A resolved policy as text."""

from checker.commands.of_policy.show import as_text
from fuzz.rendered import of
from fuzz.wellformed import text

seeds, one = of("policy show --policy policy.yaml --output text", as_text, text)
