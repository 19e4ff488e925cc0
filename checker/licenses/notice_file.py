"""Writes the notice file of a project: every model with its licence, its notice, and the texts that may be shipped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from checker.document.errors import visible
from checker.licenses.license import License
from checker.value import NamedTuple

_HERE = Path(__file__).parent
_RULE = "=" * 72
_NAMES_NO_HOLDER = frozenset(("Apache-2.0",))
"""Shipped texts that are the same for everybody; others begin with the line of a holder, which only the model has."""


class Licensed(NamedTuple):
    """One model as the notice file lists it."""

    name: str
    """What the project calls it."""
    model: str
    revision: str
    licenses: tuple[License, ...]
    """Its own licence first, then those of what it descends from; each once."""
    made_from: tuple[str, ...] = ()
    """The ways to its ancestors, in words."""
    is_changed: bool = False
    """Whether the project changes it."""
    unknown: str = ""
    """Why no licence can be named; empty where one is."""


@cache
def _notices() -> dict[str, str]:
    found: dict[str, str] = json.loads((_HERE / "notices.json").read_bytes())
    return found


def notice_of(license_id: str) -> str | None:
    """The words that the licence asks for in a notice file; None where it asks for none, or we do not know them."""
    return _notices().get(license_id)


def standard_text(license_id: str) -> str | None:
    """The text of a standard licence that anybody may pass on; None for any other."""
    path = _HERE / "standard" / f"{license_id}.txt"
    return path.read_text(encoding="utf-8") if path.name in _shipped() else None


@cache
def _shipped() -> frozenset[str]:
    return frozenset(path.name for path in (_HERE / "standard").glob("*.txt"))


def to_fill_in(models: Sequence[Licensed], texts: Mapping[str, str]) -> tuple[str, ...]:
    """What a person has to add before the file is whole; `texts` are those that the project brings, by licence."""
    found = [f"{one.name}: {one.unknown}" for one in models if one.unknown]
    found += [f"{one.name}: say what was changed" for one in models if one.is_changed and not one.unknown]
    for text in _licenses(models):
        if text.id in texts:
            continue
        if standard_text(text.id) is None:
            found.append(f"{text.id}: add the text of the licence")
        elif text.id not in _NAMES_NO_HOLDER:
            found.append(f"{text.id}: add the copyright line of each model under it")
    return tuple(found)


def render(project: str, models: Sequence[Licensed], texts: Mapping[str, str]) -> str:
    """The notice file: models by name, then each licence once, by id. Same input, same bytes.

    Args:
        project: its name; empty where it has none.
        models: what is passed on.
        texts: licence texts that the project brings, by licence; they go before those that we ship.
    """
    ordered = sorted(map(_on_its_lines, models), key=lambda one: (one.name, one.model))
    lines = [f"NOTICE of {visible(project)}" if project else "NOTICE", "", "This product uses the models below.", ""]
    for one in ordered:
        lines += [*_model(one), ""]
    for text in _licenses(ordered):
        lines += [_RULE, *_license(text, ordered, texts), ""]
    return "\n".join(_shown(line) for part in lines for line in part.split("\n"))


def _shown(line: str) -> str:
    """A line in which nothing acts; licence texts are set with tabs and with blanks that do not break."""
    return "\t".join(map(visible, line.replace("\u00a0", " ").split("\t")))


def _on_its_lines(one: Licensed) -> Licensed:
    """The model with texts that stay on their lines: none of them can pass for a line of the file."""
    return one._replace(
        name=visible(one.name),
        model=visible(one.model),
        revision=visible(one.revision),
        made_from=tuple(map(visible, one.made_from)),
        unknown=visible(one.unknown),
    )


def _licenses(models: Sequence[Licensed]) -> list[License]:
    known = {text.id: text for one in models for text in one.licenses}
    return [known[license_id] for license_id in sorted(known)]


def _model(one: Licensed) -> Iterator[str]:
    yield _RULE
    yield one.name
    yield f"  Model: {one.model}{f' at {one.revision}' if one.revision else ''}"
    for way in one.made_from:
        yield f"  Made from: {way.removeprefix('made from ')}"
    if one.unknown:
        yield f"  Licence: NOT KNOWN ({one.unknown})"
        return
    yield f"  Licence: {one.licenses[0].name} ({one.licenses[0].id})"
    for text in one.licenses[1:]:
        yield f"  Also under the terms of: {text.name} ({text.id})"
    for text in one.licenses:
        yield from (f"  Notice: {notice}" for notice in _sentences(text))
        yield from (f"  Shown as: {shown}" for shown in _displays(text))
    if one.is_changed:
        yield "  Changes: TO FILL IN: what was changed (fine-tuned, quantized, merged …)"


def _sentences(text: License) -> Iterator[str]:
    notice = notice_of(text.id)
    if notice:
        yield notice
        return
    yield from (
        f"TO FILL IN: the notice that names {duty.value}, as its clause {duty.clause} words it"
        for duty in text.obligations
        if duty.duty == "notice-file" and duty.value
    )


def _displays(text: License) -> Iterator[str]:
    for duty in text.obligations:
        if duty.duty == "display-text" and not duty.encouraged:
            yield " or ".join(f'"{value}"' for value in duty.value.split(" | "))


def _license(text: License, models: Sequence[Licensed], texts: Mapping[str, str]) -> Iterator[str]:
    under = sorted({one.model for one in models if any(each.id == text.id for each in one.licenses)})
    yield f"{text.name} ({text.spdx or text.id})"
    yield f"applies to {', '.join(under)}"
    if text.use_policy is not None and text.use_policy.flows_down:
        yield f"with its use policy ({text.use_policy.clause}), to which recipients are bound too"
    yield ""
    body = texts.get(text.id, standard_text(text.id))
    if body is None:
        yield f"TO FILL IN: the text of the licence, which we may not ship: the LICENSE file of {under[0]}"
        return
    if text.id not in texts and text.id not in _NAMES_NO_HOLDER:
        yield from (f"TO FILL IN: the copyright line in the LICENSE file of {model}" for model in under)
        yield ""
    yield body.rstrip("\n")
