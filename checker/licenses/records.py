"""The records of licences, and the index by which a spelling leads to the id of one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from checker.licenses.license import (
    CommercialUse,
    Condition,
    DerivativeRule,
    DerivativeTerms,
    Evidence,
    License,
    Obligation,
    OutputTraining,
    Territory,
    Unread,
    UsePolicy,
    Version,
)
from checker.licenses.spelling import fold

_HERE = Path(__file__).parent
LONGEST = 200
"""Characters of the longest spelling that is looked at more than once; titles and addresses are shorter."""
Named: TypeAlias = str | list[str] | dict[str, str]
"""What the index holds: an id, the members of a family, or a text that was not read."""


def canonical_id(spelling: str) -> str | None:
    """The id of the one text that a spelling names, without reading it; None where `resolve` has more to say."""
    found = named(spelling)
    return found if isinstance(found, str) else None


def named(spelling: str) -> Named | None:
    """What the index says of a spelling: as it is listed, else by its address, else by a looser form of it."""
    found = index().get(fold(spelling))
    if found is not None or len(spelling) > LONGEST:
        return found
    from checker.licenses.unlisted import addressed, loosened

    if (kept := addressed(spelling)) is not None:
        found = index().get(fold(kept)) or _loose_index().get(loosened(kept))
    return found or _loose_index().get(loosened(spelling))


@cache
def load(license_id: str) -> License:
    """The licence of that canonical id.

    Raises:
        LookupError: no registry file has that id.
    """
    return _from_record(record(license_id))


def record(license_id: str) -> dict[str, Any]:
    """The registry file of that canonical id, as `json.loads` gives it.

    Raises:
        LookupError: no registry file has that id.
    """
    if license_id not in ids():
        raise LookupError(f"no licence has the id {license_id!r}")
    loaded: dict[str, Any] = json.loads((_HERE / "registry" / f"{license_id}.json").read_bytes())
    return loaded


def unread(license_id: str) -> Unread:
    """The text of that id that is known by name and that nobody has read.

    Raises:
        KeyError: no such text is known.
    """
    known: dict[str, dict[str, Any]] = json.loads((_HERE / "unread.json").read_bytes())
    return _unread_from_record(license_id, known[license_id])


@cache
def ids() -> frozenset[str]:
    """The canonical ids of all licences that we have read."""
    return frozenset(each for each in index().values() if isinstance(each, str))


def spdx_or_ref(text: License) -> str:
    """What stands for the licence in a document that wants SPDX: its id, or a `LicenseRef-…`."""
    return text.spdx or text.license_ref


def digest() -> str:
    """SHA-256 over the registry files, as hexadecimal digits."""
    return str(_file()["registry_sha256"])


def index() -> dict[str, Named]:
    """Every listed spelling, folded, with what it names."""
    listed: dict[str, Named] = _file()["spellings"]  # type: ignore[assignment]
    return listed


@cache
def _loose_index() -> dict[str, Named]:
    """The listed spellings in their looser form, as far as all that share it name the same."""
    from checker.licenses.unlisted import loosened

    loose: dict[str, list[Named]] = {}
    for spelling, named_by_it in index().items():
        loose.setdefault(loosened(spelling), []).append(named_by_it)
    return {form: all_named[0] for form, all_named in loose.items() if all(one == all_named[0] for one in all_named)}


@cache
def _file() -> dict[str, object]:
    loaded: dict[str, object] = json.loads((_HERE / "spellings.json").read_bytes())
    return loaded


def _unread_from_record(license_id: str, record: Mapping[str, Any]) -> Unread:
    """One entry of `unread.json`."""
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}
    return Unread(license_id, **fields)


def _from_record(record: Mapping[str, Any]) -> License:
    """The licence of one registry file, as `json.load` gives it."""
    fields = dict(record)
    patent = fields.pop("patent")
    terms = dict(fields.pop("derivative_terms"))
    for listed in ("compatible", "cannot_join"):
        terms[listed] = tuple(terms.get(listed, ()))
    for listed in ("spellings", "hub_ids", "hub_names", "purposes", "later", "links", "models_seen", "remarks"):
        if listed in fields:
            fields[listed] = tuple(fields[listed])
    policy = fields.pop("use_policy")
    return License(
        commercial_use=CommercialUse(fields.pop("commercial_use")),
        derivative_terms=DerivativeTerms(rule=DerivativeRule(terms.pop("rule")), **terms),
        output_training=OutputTraining(**fields.pop("output_training")),
        evidence=Evidence(**fields.pop("evidence")),
        further_sources=tuple(Evidence(**source) for source in fields.pop("further_sources", ())),
        versions=tuple(Version(**version) for version in fields.pop("versions", ())),
        conditions=tuple(Condition(**condition) for condition in fields.pop("conditions")),
        territory=tuple(Territory(**region) for region in fields.pop("territory")),
        obligations=tuple(Obligation(**obligation) for obligation in fields.pop("obligations")),
        use_policy=UsePolicy(**{**policy, "bars": tuple(policy.get("bars", ()))}) if policy else None,
        patent_grant=patent["grant"],
        patent_retaliation=patent["retaliation"],
        **fields,
    )
