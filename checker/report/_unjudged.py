"""What is said of a model of which nothing was judged; the text alone needs no more than this."""

from __future__ import annotations

from checker.verdict import JudgedModel


def nothing_judged(model: JudgedModel) -> str:
    """What is said of a model to which no rule applies; `--since` lets pass what was so before the change too."""
    end = "and none did before the change" if model.was_unjudged else "so that it cannot pass"
    return f"nothing was judged: no rule of the policy applies to it, {end}"
