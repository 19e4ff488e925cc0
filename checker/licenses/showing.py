"""Whether a duty is shown to be met, in a file or elsewhere on somebody's word; where in a file does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from checker.licenses.obligations import Owed, Proof
from checker.value import NamedTuple


class Claim(NamedTuple):
    """One line of a manifest that says where a duty is shown."""

    duty: str
    where: str
    text: str | None = None
    """What the named file holds; None for an address, where nobody looked in this run."""
    problem: str = ""
    """Why the file could not be read."""
    checked_on: date | None = None
    by: str = ""


class Shown(NamedTuple):
    """The duty is shown."""

    where: str
    claim: Claim | None = None
    """The line that says so; None where the model's own name shows it."""


class NotShown(NamedTuple):
    """It is not, and why not."""

    reason: str
    claim: Claim | None = None
    """The line that does not show what it says; None where no line is about the duty."""


def judge(
    duty: Owed, claims: Sequence[Claim], names: Sequence[str], today: date, max_age_days: int | None
) -> Shown | NotShown:
    """Whether one of the claims, or a name, shows the duty.

    Args:
        duty: the duty.
        claims: what the manifest says of any duty.
        names: the names of the models that are made with the licensed one.
        today: the day on which ages are judged.
        max_age_days: how many days ago somebody may have looked at an address at most; None for any.
    """
    if duty.proof is Proof.NAME and names:
        return _named(duty, names)
    refused: list[NotShown] = []
    for claim in claims:
        if duty.is_called(claim.duty):
            reason = _refusal(duty, claim, today, max_age_days)
            if not reason:
                return Shown(claim.where, claim)
            refused.append(NotShown(reason, claim))
    return refused[0] if refused else NotShown("no line under `obligations` says where it is shown")


def _named(duty: Owed, names: Sequence[str]) -> Shown | NotShown:
    from checker.licenses.naming import begins

    wrong = [name for name in names if not any(begins(name, prefix) for prefix in duty.texts)]
    return NotShown(f"the name is {wrong[0]}") if wrong else Shown(", ".join(names))


def _refusal(duty: Owed, claim: Claim, today: date, max_age_days: int | None) -> str:
    """Why a claim does not show the duty; empty where it does."""
    if claim.problem:
        return f"{claim.where}: {claim.problem}"
    if claim.text is not None:
        return _not_in(duty, claim.text, claim.where)
    lacking = [key for key, value in (("checked_on", claim.checked_on), ("by", claim.by)) if not value]
    if claim.checked_on is None or lacking:
        return f"{claim.where}: nobody says {' and '.join(_SAYS[key] for key in lacking)}"
    age_days = (today - claim.checked_on).days
    if age_days < 0:
        return f"{claim.where}: the day on which somebody looked, {claim.checked_on}, is still to come"
    if max_age_days is not None and age_days > max_age_days:
        return f"{claim.where}: somebody looked {age_days} days ago, and the policy allows {max_age_days}"
    return ""


_SAYS = {"checked_on": "when it was looked at (`checked_on`)", "by": "who looked (`by`)"}


def _not_in(duty: Owed, text: str, where: str) -> str:
    from checker.licenses.wording import words  # its patterns take longer to compile than most checks have

    match duty.proof:
        case Proof.LICENSE_TEXT:
            return _not_the_license(duty, text, where)
        case Proof.POLICY:
            found = "use policy" in _joined(text) or "use restrictions" in _joined(text)
            return "" if found else f"{where} names no use policy and no use restrictions"
        case Proof.CHANGES:
            found = any(word.startswith(_CHANGED) for word in words(text))
            return "" if found else f"{where} says nothing of changes"
        case Proof.WORDS if duty.texts:
            wanted = [_joined(one) for one in duty.texts]
            is_read = any(one in _joined(text) for one in wanted)
            return "" if is_read else f"{where} does not say {' or '.join(_quoted(one) for one in duty.texts)}"
        case _:
            return "" if text.strip() else f"{where} is empty"


def _not_the_license(duty: Owed, text: str, where: str) -> str:
    from checker.licenses.identify import holds  # reads the fingerprints

    is_whole = holds(text, duty.license_id)
    if is_whole is None:  # we do not know its text: its name is all that can be looked for
        is_whole = duty.license_id.casefold() in text.casefold()
    by_link = duty.duty == "license-copy-or-link" and "://" in text
    return "" if is_whole or by_link else f"{where} does not hold the text of {duty.license_id}"


def _joined(text: str) -> str:
    from checker.licenses.wording import words

    return f" {' '.join(words(text))} "


def _quoted(text: str) -> str:
    return f'"{text}"'


_CHANGED = ("chang", "modif", "finetun", "fine", "quantiz", "quantis", "adapt", "deriv", "merg", "distil", "convert")
"""How words begin that speak of changes. A heuristic: nobody can tell from a text whether it names all of them."""
