"""What a licence says, as typed values: who may use it for what, what must be done, and what reaches derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, TypeAlias

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
    """What it is about: a number that is counted, the purpose, a permission, a service, or conduct."""
    says: str
    """What is asked, as the words after "asks to" or "grants": "request a licence from Meta"."""
    effect: Literal["no-rights", "duty"]
    """`no-rights`: where it bites and is not met, the use is not licensed. `duty`: something must be done."""
    op: Literal[">", ">="] = ">"
    """Whether it bites above the limit, or from the limit on."""
    limit: int = 0
    """Users, or US dollars."""
    month: str = ""
    """The calendar month in which users were to be counted, YYYY-MM: the one before the release."""
    whom: str = ""
    """Who is meant, where the metric does not say: "those in a model-as-a-service business"."""
    permission: PermissionName | None = None
    """Which permission is needed, where the metric is `permission`."""
    clause: str = ""
    """The section of the text that says it."""
    only_commercial: bool = False
    """It bites for commercial use alone."""
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
    """`EU`, `UK` or `KR` (South Korea)."""
    test: Literal["seat", "use"]
    """Whether the licensee's seat or the place of use counts."""
    clause: str
    """The section of the text that says it."""
    only_multimodal: bool = False
    """Multimodal models alone are kept from it."""
    end_users_exempt: bool = False
    """End users of a product that embeds the model are exempt."""


class DerivativeTerms(NamedTuple):
    """What the text says of works that descend from it."""

    rule: DerivativeRule
    """Which terms a derivative may carry."""
    clause: str = ""
    """The section of the text that says it."""
    detail: str = ""
    """What else the text says of it, in words."""
    compatible: tuple[str, ...] = ()
    """Ids of other licences that the text accepts for a derivative."""
    compatible_because: str = ""
    """Why these are accepted, in words."""
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
    """The section of the text that says it."""
    scope: str = ""
    """What it is about, where that is less than the trigger says."""
    where: str = ""
    """Where the text has to be displayed."""
    encouraged: bool = False
    """Whether the text encourages it and does not ask for it."""
    wording: str = ""
    """The sentence that the notice has to hold, word for word."""


class UsePolicy(NamedTuple):
    """An acceptable-use policy or use restrictions."""

    kind: Literal["external-policy", "attachment", "exhibit", "inline", "policy", "unstated"]
    """Where the restrictions are kept: outside of the text, attached to it or within it; `unstated` where that part was
    not read."""
    clause: str = ""
    """The section of the text that says it."""
    detail: str = ""
    """What else there is to say of it."""
    flows_down: bool = False
    """Recipients must be bound to it."""
    can_change: bool = False
    """Its owner may change it."""
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
    """What the text says of it."""
    clause: str = ""
    """The section of the text that says it."""
    detail: str = ""
    """What else the text says of it, in words."""
    own_family_excepted: bool = False
    """Models that descend from the licensed one may be improved."""
    only_generative: bool = False
    """What is said is said of large language or generative models alone."""
    derivative_if_alike: bool = False
    """A model trained on outputs is a derivative where it is made to act like the licensed one."""


class Evidence(NamedTuple):
    """How much of the text was read, and where."""

    read: Read
    """How much was read: `full`, `partial`, or `standard` (a standard text, not read again)."""
    source: str
    """Where."""
    confidence: Literal["high", "medium", "low"]
    """How sure the reading is."""
    detail: str = ""
    """What else there is to say of it: which parts, which version."""


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
    """What its publisher calls it."""
    spdx: str | None
    """Its SPDX id; null where SPDX does not list it."""
    license_ref: str
    """What stands for it in documents that want SPDX, where SPDX does not list it; else empty."""
    spellings: tuple[str, ...]
    """Further ways in which people write it."""
    category: Category
    """What kind of licence it is, in our words."""
    osi_approved: bool
    """Whether the Open Source Initiative approved it."""
    commercial_use: CommercialUse
    """Whether commercial use is granted: `yes`, `no`, `conditional` (with conditions of its own) or `unstated`."""
    redistribution: str
    """Whether copies may be passed on: `yes`, `no`, `unstated`, or to whom and for what alone."""
    derivative_terms: DerivativeTerms
    """What it says of works that descend from the model."""
    output_training: OutputTraining
    """Whether outputs may train other models."""
    evidence: Evidence
    """How much of the text was read, and where."""
    hub_ids: tuple[str, ...] = ()
    """What the Hub's key `license` may hold for it."""
    hub_names: tuple[str, ...] = ()
    """What cards write in `license_name` for it; one name is used for several texts now and then."""
    license_db: str = ""
    """Its key in ScanCode's LicenseDB; empty where that does not hold it."""
    license_db_category: str = ""
    """How ScanCode's LicenseDB sorts it."""
    further_sources: tuple[Evidence, ...] = ()
    """Where the text was read besides."""
    versions: tuple[Version, ...] = ()
    """Where more than one dated version is published under the name, each of them; the record tells that of `dated`."""
    purposes: tuple[PurposeName, ...] = ("commercial", "research", "personal")
    """The purposes that the text grants."""
    conditions: tuple[Condition, ...] = ()
    """Conditions on the use; an empty list says that the text has none."""
    territory: tuple[Territory, ...] = ()
    """Regions outside of what is granted; an empty list says that there are none."""
    obligations: tuple[Obligation, ...] = ()
    """What a licensee must do."""
    use_policy: UsePolicy | None = None
    """Restrictions of use; null where the text has none."""
    distillation_is_derivative: Literal["yes", "no", "unstated"] = "unstated"
    """Whether a model distilled from it is a derivative."""
    hosting_is_distribution: bool = False
    """Whether a service that others use over a network counts as passing the model on."""
    hosting_clause: str = ""
    """The section of the text that says so."""
    hosting_detail: str = ""
    """What else there is to say of a hosted service."""
    forbids_extra_restrictions: bool = False
    """Nobody may add restrictions to the licensed work."""
    steward: str = ""
    """Who publishes the text."""
    dated: str = ""
    """The date of the text, as far as known: 2024, 2024-07 or 2024-07-23."""
    patent_grant: str = ""
    """Whether patents are granted."""
    patent_retaliation: str = ""
    """What suing over patents ends."""
    revocable: str = ""
    """Whether the grant may be revoked: `yes`, `no`, `on breach` …"""
    sublicensable: str = ""
    """Whether sublicences may be granted; empty where nothing was noted."""
    governing_law: str = ""
    """Whose law governs it; empty where nothing was noted."""
    integrated_product_exempt_from: str = ""
    """What does not apply to those who receive the model inside an end user's product: `section 2 (MAU)`."""
    internal_use_exempt_from: str = ""
    """What does not apply to use inside the licensee's own organisation: `section 2`."""
    no_drm: bool = False
    """Whether technical locks that keep others from their rights are forbidden."""
    remote_restriction: bool = False
    """Whether the licensor may restrict use remotely."""
    licensor_may_change: bool = False
    """Whether the licensor may change the terms."""
    later: tuple[str, ...] = ()
    """Ids of the later versions of this text that we have read: what "or any later version" offers as a choice."""
    links: tuple[str, ...] = ()
    """Addresses at which its publisher keeps this text and no other, as `links.normal` writes them; `*` is any text."""
    models_seen: tuple[str, ...] = ()
    """Models that were seen under it."""
    remarks: tuple[str, ...] = ()
    """What else a reader has to know."""

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
