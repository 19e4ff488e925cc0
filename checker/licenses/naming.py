"""Whether a model made with another is named as that other's licence asks: "Llama" at the beginning."""

from __future__ import annotations

from checker.licenses.derivative import Conflict, Derivative
from checker.licenses.license import License
from checker.licenses.spelling import fold
from checker.licenses.terms import says


def judge_name(base: License, derivative: Derivative) -> Conflict | None:
    """A model made with the base has to begin its name as the base asks; a mere copy in another format is none.

    Where nobody states how it was made, it may be such a copy.
    """
    is_copy = derivative.relation in ("quantized", "unstated")
    if is_copy or not derivative.name or begins_as_asked(base, derivative):
        return None
    asked = next(one for one in base.obligations if one.duty == "name-prefix")
    if derivative.relation == "distill" and "outputs" not in asked.scope:
        return None
    term = f'{says(base, asked.clause)} asks to begin the name of a model made with it with "{asked.value}"'
    return Conflict("name-prefix", term, f"the name is {derivative.name}", asked.clause)


def begins_as_asked(base: License, derivative: Derivative) -> bool:
    """Whether the name begins with every prefix that the base asks for; true where it asks for none."""
    prefixes = [one.value for one in base.obligations if one.duty == "name-prefix"]
    return all(begins(derivative.name, prefix) for prefix in prefixes)


def begins(name: str, prefix: str) -> bool:
    """Whether a name begins with a prefix, whatever its separators; "Llama 30B" does not begin with "Llama 3"."""
    folded = fold(name)
    for start in (fold(prefix), fold(prefix).replace("-", "")):
        if folded.startswith(start) and not (start[-1].isdigit() and folded[len(start) :][:1].isdigit()):
            return True
    return False
