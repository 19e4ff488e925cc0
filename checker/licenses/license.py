"""What a licence says, as typed values: who may use it for what, what must be done, and what reaches derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from checker.value import NamedTuple


class CommercialUse(StrEnum):
    """Whether the text grants commercial use."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"
    """Granted, with conditions of its own."""
    UNSTATED = "unstated"


class DerivativeRule(StrEnum):
    """Which terms a derivative may carry."""

    OWN_TERMS = "own-terms"
    """Any licence; only notices travel."""
    OWN_TERMS_BASE_STAYS = "own-terms-base-stays"
    """Own terms for own changes; the base agreement and its limits keep applying to the base part."""
    OWN_TERMS_NONCOMMERCIAL = "own-terms-noncommercial"
    """Own terms, but the non-commercial or research limit travels."""
    OWN_TERMS_WITH_USE_RESTRICTIONS = "own-terms-with-use-restrictions"
    """Own terms, but the use limits must be carried as enforceable terms."""
    BASE_AGREEMENT_TRAVELS = "base-agreement-travels"
    """The base agreement must accompany it; no right to put the base under other terms is stated."""
    SAME_LICENSE = "same-license"
    """The same licence, or one that the text lists as compatible, when it is shared."""
    SAME_LICENSE_FOR_MODIFIED_PART = "same-license-for-modified-part"
    """Weak copyleft: what was modified stays under the licence."""
    NOTICE_TRAVELS = "notice-travels"
    """A notice with conditions of its own stays in every copy."""
    REVENUE_CAP_TRAVELS = "revenue-cap-travels"
    """The revenue cap reaches derivatives."""
    SAME_TERMS = "same-terms"
    """No terms that are inconsistent with the base agreement may be imposed."""
    NONE = "none"
    """Derivatives may not be shared."""
    UNKNOWN = "unknown"


Category: TypeAlias = Literal[
    "permissive", "permissive-content", "permissive-model", "public-domain", "data-permissive", "data-share-alike",
    "data-use-limited", "copyleft", "weak-copyleft", "share-alike", "noncommercial", "no-derivatives", "research",
    "rail", "community", "modified-mit",
]  # fmt: skip
PurposeName: TypeAlias = Literal["commercial", "research", "education", "personal"]
Metric: TypeAlias = Literal[
    "group-users-at-release", "product-users", "daily-users", "yearly-revenue", "monthly-revenue", "purpose",
    "permission", "model-as-a-service", "hosted-service", "conduct",
]  # fmt: skip
PermissionName: TypeAlias = Literal["registration", "subscription", "separate-license"]
FieldOfUse: TypeAlias = Literal[
    "military", "weapons", "nuclear", "critical-infrastructure", "surveillance", "biometrics", "law-enforcement",
    "public-administration", "automated-decisions", "medical-advice",
]  # fmt: skip
Read: TypeAlias = Literal["full", "partial", "standard"]
ReadOfUnread: TypeAlias = Literal["opening", "secondary", "none"]


class Condition(NamedTuple):
    """One condition on a use: when it bites, and what the text then asks."""

    metric: Metric
    says: str
    """What is asked, as the words after "asks to" or "grants": "request a licence from Meta"."""
    effect: Literal["no-rights", "duty"]
    """`no-rights`: where it bites and is not met, the use is not licensed. `duty`: something must be done."""
    op: Literal[">", ">="] = ">"
    limit: int = 0
    """Users, or US dollars."""
    month: str = ""
    """The calendar month in which users were to be counted, YYYY-MM: the one before the release."""
    whom: str = ""
    """Who is meant, where the metric does not say: "those in a model-as-a-service business"."""
    permission: PermissionName | None = None
    clause: str = ""
    only_commercial: bool = False
    not_internal: bool = False
    """Use inside the licensee's own organisation is exempt."""
    excludes_services: bool = False
    """Those who offer models as a service are among those whom it excludes."""
    exempt_hardware: str = ""
    """Use on PCs and workstations whose GPU has this in its name is exempt."""
    unsettled_at_limit: bool = False
    """The text contradicts itself on a value of exactly the limit."""
    whose: str = ""
    """Whose users or revenue count: "licensee and affiliates", "the product or service"."""
    exempt: str = ""
    """Who is not meant."""

    @property
    def threshold(self) -> Threshold | None:
        """What is counted, how, and when; None where the condition counts nothing."""
        counted = _COUNTED.get(self.metric)
        if counted is None or not self.limit:
            return None
        unit, period, measured = counted
        when = f"once, in {self.month}" if self.month else measured
        return Threshold(self.metric, self.op, self.limit, unit, period, when, self.whose)


class Threshold(NamedTuple):
    """A number at which a condition begins to bite."""

    metric: Metric
    op: Literal[">", ">="]
    value: int
    unit: Literal["users", "US dollars"]
    period: Literal["day", "month", "year"]
    measured: str
    """When it is measured: "once, in 2024-06", the month before the release, or at any time."""
    whose: str


_COUNTED: Mapping[str, tuple[Literal["users", "US dollars"], Literal["day", "month", "year"], str]] = {
    "group-users-at-release": ("users", "month", "once"),
    "product-users": ("users", "month", "at any time"),
    "daily-users": ("users", "day", "at any time"),
    "yearly-revenue": ("US dollars", "year", "at any time"),
    "monthly-revenue": ("US dollars", "month", "at any time"),
    "model-as-a-service": ("US dollars", "year", "over any twelve months"),
}


class Territory(NamedTuple):
    """A region outside of what is granted."""

    region: Literal["EU", "UK", "KR"]
    test: Literal["seat", "use"]
    """Whether the licensee's seat or the place of use counts."""
    clause: str
    only_multimodal: bool = False
    end_users_exempt: bool = False


class DerivativeTerms(NamedTuple):
    """What the text says of works that descend from it."""

    rule: DerivativeRule
    clause: str = ""
    detail: str = ""
    compatible: tuple[str, ...] = ()
    """Ids of other licences that the text accepts for a derivative."""
    compatible_because: str = ""
    cannot_join: tuple[str, ...] = ()
    """Ids of licences whose works cannot be joined with a work under this one in a whole that is shared."""


class Obligation(NamedTuple):
    """One thing that a licensee must do."""

    duty: str
    """The kind: license-copy, display-text, name-prefix …"""
    trigger: str
    """What brings it about: distribute, distribute-or-serve …"""
    value: str = ""
    """The text to display, the prefix of the name, what a notice must name."""
    clause: str = ""
    scope: str = ""
    where: str = ""
    encouraged: bool = False
    wording: str = ""
    """The sentence that the notice has to hold, word for word."""


class UsePolicy(NamedTuple):
    """An acceptable-use policy or use restrictions."""

    kind: Literal["external-policy", "attachment", "exhibit", "inline", "policy", "unstated"]
    clause: str = ""
    detail: str = ""
    flows_down: bool = False
    """Recipients must be bound to it."""
    can_change: bool = False
    bars: tuple[FieldOfUse, ...] = ()
    """Fields of use that it bars by name."""
    url: str = ""
    """Where a policy outside of the text is kept."""


class OutputTraining(NamedTuple):
    """Whether outputs may be used to train other models."""

    value: Literal[
        "unrestricted", "conditional", "prohibited", "prohibited-for-competing-models", "noncommercial-only",
        "research-only", "unstated",
    ]  # fmt: skip
    clause: str = ""
    detail: str = ""
    own_family_excepted: bool = False
    """Models that descend from the licensed one may be improved."""
    only_generative: bool = False
    """What is said is said of large language or generative models alone."""
    derivative_if_alike: bool = False
    """A model trained on outputs is a derivative where it is made to act like the licensed one."""


class Evidence(NamedTuple):
    """How much of the text was read, and where."""

    read: Read
    source: str
    confidence: Literal["high", "medium", "low"]
    detail: str = ""


class Version(NamedTuple):
    """One dated version of a text that is published under one name."""

    dated: str
    """2024, 2024-07 or 2024-07-23."""
    differs: str = ""
    """What differs from the version that the record tells."""
    license_db: str = ""
    """Its key in ScanCode's LicenseDB."""


class License(NamedTuple):
    """One licence text that we have read."""

    id: str
    """The SPDX id if there is one, else the Hub's id, else ours."""
    name: str
    spdx: str | None
    license_ref: str
    """What stands for it in documents that want SPDX, where SPDX does not list it; else empty."""
    spellings: tuple[str, ...]
    category: Category
    osi_approved: bool
    commercial_use: CommercialUse
    redistribution: str
    derivative_terms: DerivativeTerms
    output_training: OutputTraining
    evidence: Evidence
    hub_ids: tuple[str, ...] = ()
    """What the Hub's key `license` may hold for it."""
    hub_names: tuple[str, ...] = ()
    """What cards write in `license_name` for it; one name is used for several texts now and then."""
    license_db: str = ""
    """Its key in ScanCode's LicenseDB; empty where that does not hold it."""
    license_db_category: str = ""
    further_sources: tuple[Evidence, ...] = ()
    """Where the text was read besides."""
    versions: tuple[Version, ...] = ()
    """Where more than one dated version is published under the name, each of them; the record tells that of `dated`."""
    purposes: tuple[PurposeName, ...] = ("commercial", "research", "personal")
    """The purposes that the text grants."""
    conditions: tuple[Condition, ...] = ()
    territory: tuple[Territory, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    use_policy: UsePolicy | None = None
    distillation_is_derivative: Literal["yes", "no", "unstated"] = "unstated"
    hosting_is_distribution: bool = False
    """Whether a service that others use over a network counts as passing the model on."""
    hosting_clause: str = ""
    hosting_detail: str = ""
    forbids_extra_restrictions: bool = False
    """Nobody may add restrictions to the licensed work."""
    steward: str = ""
    dated: str = ""
    """The date of the text, as far as known: 2024, 2024-07 or 2024-07-23."""
    patent_grant: str = ""
    patent_retaliation: str = ""
    revocable: str = ""
    sublicensable: str = ""
    governing_law: str = ""
    integrated_product_exempt_from: str = ""
    internal_use_exempt_from: str = ""
    no_drm: bool = False
    remote_restriction: bool = False
    licensor_may_change: bool = False
    later: tuple[str, ...] = ()
    """Ids of the later versions of this text that we have read: what "or any later version" offers as a choice."""
    links: tuple[str, ...] = ()
    """Addresses at which its publisher keeps this text and no other, as `links.normal` writes them; `*` is any text."""
    models_seen: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def what_was_read(self) -> str:
        """How much of which text was read, in words: "full text, 2024-07-23"."""
        amount = {"full": "full text", "partial": "part of the text", "standard": "standard text"}[self.evidence.read]
        return f"{amount}, {self.dated}" if self.dated else amount


class Unread(NamedTuple):
    """A text that is known by name and that nobody has read: nothing is judged by what is told of it here."""

    id: str
    name: str
    spellings: tuple[str, ...]
    source: str
    """Where the name was seen, or what was told of the text."""
    read: ReadOfUnread = "none"
    """How much was seen: the text's opening, what others say of it, or nothing but the name."""
    spdx: str | None = None
    license_ref: str = ""
    hub_ids: tuple[str, ...] = ()
    hub_names: tuple[str, ...] = ()
    license_db: str = ""
    steward: str = ""
    dated: str = ""
    told: tuple[str, ...] = ()
    """What others say that it asks. Nobody has checked it against the text."""
    models_seen: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def unread_from_record(license_id: str, record: Mapping[str, Any]) -> Unread:
    """One entry of `unread.json`."""
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}
    return Unread(license_id, **fields)


def from_record(record: Mapping[str, Any]) -> License:
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
