"""What a question adds to its columns: facts as `key=value` and remarks, each of a known kind or named as not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias

from checker.document.nearest import nearest
from checker.licenses.derivative import Student
from checker.licenses.license import PermissionName
from checker.value import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PERMISSIONS: dict[str, PermissionName] = {
    "registered": "registration",
    "subscription": "subscription",
    "separate_licence": "separate-license",
    "separate_license": "separate-license",
}


class Remarks(NamedTuple):
    """The facts and remarks of one question."""

    measured: str = ""
    """The month in which the users were counted, YYYY-MM."""
    users_at_release: int | None = None
    daily_users: int | None = None
    model_as_a_service: bool | None = None
    field_of_use: Literal["military"] | None = None
    education: bool = False
    end_user: bool = False
    held: tuple[PermissionName, ...] = ()
    lacking: tuple[PermissionName, ...] = ()
    hardware: str = ""
    spdx: str = ""
    """The exact id behind a vague one."""
    family: str = ""
    """Which model of a family is meant."""
    student_base: str = ""
    """The licence of the model that a student starts from."""
    teacher: str = ""
    """The licence of the model whose outputs it is trained on."""
    student: Student | None = None
    own_terms_carry_limits: bool | None = None
    """Whether the derivative's own licence carries the base's use restrictions."""
    needs_base: bool = False
    """The base's weights are needed at run time."""
    guardrails_removed: bool = False
    not_read: tuple[str, ...] = ()
    """What is of no known kind, each with the nearest that is."""


_Reader: TypeAlias = Callable[[Remarks, str], "Remarks | None"]
"""What a value adds; None where the value is none that the key takes."""


def read(pieces: Iterable[str]) -> Remarks:
    """What the pieces say; the same key again adds to or replaces what stood there."""
    found = Remarks()
    for piece in pieces:
        written = " ".join(piece.split())
        if written:
            found = _piece(found, written) or found._replace(not_read=(*found.not_read, _unread(written)))
    return found


def _piece(found: Remarks, written: str) -> Remarks | None:
    key, equals, value = (part.strip() for part in written.partition("="))
    if equals:
        reader = _KEYS.get(_key(key))
        return reader(found, value) if reader and value else None
    folded = written.casefold().rstrip(".")
    measured = re.fullmatch(r"mau measured ([a-z]+)\.? (\d{4})", folded)
    if measured:
        return _measured(found, *measured.groups())
    remark = _REMARKS.get(folded.replace("license", "licence"))
    return remark(found) if remark else None


def _unread(written: str) -> str:
    """A piece that is of no known kind, with the nearest key or remark."""
    key, equals, _ = written.partition("=")
    if equals and _key(key) in _KEYS:
        return f"{written} (no value that `{key.strip()}` takes)"
    close = nearest(key.strip(), [*_KEYS, "mau measured MONTH YEAR"] if equals else [*_REMARKS, "mau measured"])
    return f"{written} (did you mean `{close}`?)" if close else written


def _key(key: str) -> str:
    return key.strip().casefold().replace("-", "_").replace(" ", "_")


def _measured(found: Remarks, month: str, year: str) -> Remarks | None:
    if month[:3] not in _MONTHS:
        return None
    return found._replace(measured=f"{year}-{_MONTHS.index(month[:3]) + 1:02}")


def _count(value: str) -> int | None:
    digits = value.replace(",", "").replace("_", "").replace(" ", "")
    return int(digits) if digits.isdecimal() and len(digits) <= 18 else None


def _users_at_release(found: Remarks, value: str) -> Remarks | None:
    number = _count(value)
    return None if number is None else found._replace(users_at_release=number)


def _daily_users(found: Remarks, value: str) -> Remarks | None:
    number = _count(value)
    return None if number is None else found._replace(daily_users=number)


def _business(found: Remarks, value: str) -> Remarks | None:
    kinds = {"maas": True, "model_as_a_service": True, "consumer_app": False, "own_product": False}
    answer = kinds.get(_key(value))
    return None if answer is None else found._replace(model_as_a_service=answer)


def _purpose(found: Remarks, value: str) -> Remarks | None:
    match value.casefold():
        case "military":
            return found._replace(field_of_use="military")
        case "education" | "educational":
            return found._replace(education=True)
        case _:
            return None


def _role(found: Remarks, value: str) -> Remarks | None:
    return found._replace(end_user=True) if _key(value) in ("end_user_of_product", "end_user") else None


def _permission(name: PermissionName) -> _Reader:
    def reader(found: Remarks, value: str) -> Remarks | None:
        match value.casefold():
            case "yes" | "true":
                return found._replace(held=(*found.held, name))
            case "no" | "false":
                return found._replace(lacking=(*found.lacking, name))
            case _:
                return None

    return reader


_NOT_GENERATIVE = ("embedding", "classif", "encoder", "reranker", "reward", "retriever")


def _student(found: Remarks, value: str) -> Remarks:
    folded = value.casefold()
    is_small = any(word in folded for word in _NOT_GENERATIVE)
    return found._replace(student="not-generative" if is_small else "generative")


_KEYS: dict[str, _Reader] = {
    "mau_at_release": _users_at_release,
    "dau": _daily_users,
    "business": _business,
    "purpose": _purpose,
    "role": _role,
    "hardware": lambda found, value: found._replace(hardware=value),
    "spdx": lambda found, value: found._replace(spdx=value),
    "base": lambda found, value: found._replace(family=value),
    "student_base": lambda found, value: found._replace(student_base=value),
    "student": _student,
    "teacher": lambda found, value: found._replace(teacher=value),
    **{key: _permission(name) for key, name in _PERMISSIONS.items()},
}
_REMARKS: dict[str, Callable[[Remarks], Remarks]] = {
    "own licence has no use restrictions": lambda found: found._replace(own_terms_carry_limits=False),
    "own licence includes attachment a": lambda found: found._replace(own_terms_carry_limits=True),
    "base weights needed at run time": lambda found: found._replace(needs_base=True),
    "embedding model": lambda found: found._replace(student="not-generative"),
    "safety guardrails removed": lambda found: found._replace(guardrails_removed=True),
}
