"""What a licence says, as typed values: who may use it for what, what must be done, and what reaches derivatives."""

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
PurposeName: TypeAlias = Literal["commercial", "research", "personal"]
Metric: TypeAlias = Literal[
    "group-users-at-release", "product-users", "daily-users", "yearly-revenue", "monthly-revenue", "purpose",
    "permission", "model-as-a-service", "hosted-service", "conduct",
]  # fmt: skip
PermissionName: TypeAlias = Literal["registration", "subscription", "separate-license"]
FieldOfUse: TypeAlias = Literal["military"]
Read: TypeAlias = Literal["full", "partial", "standard"]


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
    unsettled_at_limit: bool = False
    """The text contradicts itself on a value of exactly the limit."""


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


class Evidence(NamedTuple):
    """How much of the text was read, and where."""

    read: Read
    source: str
    confidence: Literal["high", "medium", "low"]
    detail: str = ""


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
    purposes: tuple[PurposeName, ...] = ("commercial", "research", "personal")
    """The purposes that the text grants."""
    conditions: tuple[Condition, ...] = ()
    territory: tuple[Territory, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    use_policy: UsePolicy | None = None
    distillation_is_derivative: Literal["yes", "no", "unstated"] = "unstated"
    hosting_is_distribution: bool = False
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


def from_record(record: Mapping[str, Any]) -> License:
    """The licence of one registry file, as `json.load` gives it."""
    fields = dict(record)
    patent = fields.pop("patent")
    terms = dict(fields.pop("derivative_terms"))
    for listed in ("compatible", "cannot_join"):
        terms[listed] = tuple(terms.get(listed, ()))
    for listed in ("spellings", "purposes", "later", "links", "models_seen", "remarks"):
        if listed in fields:
            fields[listed] = tuple(fields[listed])
    policy = fields.pop("use_policy")
    return License(
        commercial_use=CommercialUse(fields.pop("commercial_use")),
        derivative_terms=DerivativeTerms(rule=DerivativeRule(terms.pop("rule")), **terms),
        output_training=OutputTraining(**fields.pop("output_training")),
        evidence=Evidence(**fields.pop("evidence")),
        conditions=tuple(Condition(**condition) for condition in fields.pop("conditions")),
        territory=tuple(Territory(**region) for region in fields.pop("territory")),
        obligations=tuple(Obligation(**obligation) for obligation in fields.pop("obligations")),
        use_policy=UsePolicy(**{**policy, "bars": tuple(policy.get("bars", ()))}) if policy else None,
        patent_grant=patent["grant"],
        patent_retaliation=patent["retaliation"],
        **fields,
    )
