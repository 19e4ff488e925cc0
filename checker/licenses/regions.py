"""Whether a place that somebody names lies in one of the regions that licences single out."""

from __future__ import annotations

_EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "EL",
        "ES",
        "FI",
        "FR",
        "GR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
_MEMBERS = {"EU": _EU, "UK": frozenset({"GB"}), "KR": frozenset({"KOR", "SOUTH KOREA", "KOREA"})}
_WIDER = {
    "EU": frozenset({"EEA", "EUROPE", "EMEA", "EUROPEAN UNION"}),
    "UK": frozenset({"EUROPE", "EMEA", "UNITED KINGDOM", "GREAT BRITAIN"}),
    "KR": frozenset({"ASIA", "APAC", "REPUBLIC OF KOREA"}),
}
_EVERYWHERE = frozenset({"WORLDWIDE", "WORLD", "GLOBAL", "ALL", "INTERNATIONAL"})


def touches(place: str, region: str) -> bool | None:
    """Whether `place` is, lies in or includes `region` (EU, UK or KR); None where the place's name is not known here.

    A place of two letters is taken for an ISO 3166 code.
    """
    name = " ".join(place.replace("-", " ").replace("_", " ").upper().split())
    if name == region or name in _MEMBERS[region] or name in _WIDER[region] or name in _EVERYWHERE:
        return True
    known = (len(name) == 2 and name.isalpha()) or any(
        name in places for places in (*_MEMBERS.values(), *_WIDER.values())
    )
    return False if known else None
