"""Whether a place that somebody names lies in one of the regions that licences single out."""

from __future__ import annotations

_OF_THE_UNION = (
    "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK AX GF GP MF MQ RE YT"
)
"""The members, EL beside GR as the Union itself writes it, and the parts of members that have codes of their own and
belong to the Union (Treaty on the Functioning of the European Union, article 355(1) and (4))."""
_ALPHA_2 = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
_EU = frozenset(_OF_THE_UNION.split())
_CODES = frozenset(_ALPHA_2.split()) | {"EU", "UK", "EL"}
"""ISO 3166-1 alpha-2, and three codes that it reserves; another pair of letters is a typing mistake and no place."""
_MEMBERS = {"EU": _EU, "UK": frozenset({"GB"}), "KR": frozenset({"KOR", "SOUTH KOREA", "KOREA"})}
_WIDER = {
    "EU": frozenset({"EEA", "EUROPE", "EMEA", "EUROPEAN UNION"}),
    "UK": frozenset({"EUROPE", "EMEA", "UNITED KINGDOM", "GREAT BRITAIN"}),
    "KR": frozenset({"ASIA", "APAC", "REPUBLIC OF KOREA"}),
}
_EVERYWHERE = frozenset({"WORLDWIDE", "WORLD", "GLOBAL", "ALL", "INTERNATIONAL"})


def touches(place: str, region: str) -> bool | None:
    """Whether `place` is, lies in or includes `region` (EU, UK or KR); None where the place's name is not known here.

    A code of a part of a country (`US-CA`) counts as the country.
    """
    name = " ".join(place.replace("-", " ").replace("_", " ").upper().split())
    if name == region or name in _MEMBERS[region] or name in _WIDER[region] or name in _EVERYWHERE:
        return True
    country, _, part = name.partition(" ")
    if country in _CODES and part.isalnum() and len(part) <= 3:
        return touches(country, region)
    known = name in _CODES or any(name in places for places in (*_MEMBERS.values(), *_WIDER.values()))
    return False if known else None
