"""The circumstances of a use, as far as they are stated: what for, where, how many users, how much revenue."""

from typing import Literal, TypeAlias

from checker.licenses.license import FieldOfUse, PermissionName, PurposeName
from checker.value import NamedTuple

Sharing: TypeAlias = Literal["no", "internal", "service", "weights", "on-device"]
"""How a product or a derivative reaches others: not at all, inside the organisation, as a service, as copies."""


class UsersInMonth(NamedTuple):
    """Monthly active users of licensee and affiliates, all products together."""

    month: str
    """YYYY-MM."""
    value: int


class Revenue(NamedTuple):
    """Revenue of licensee and affiliates."""

    value: int
    currency: str = "USD"
    period: Literal["year", "month"] = "year"
    year: int = 0


class Assumptions(NamedTuple):
    """What a policy assumes where nobody states it; whatever rests on one is reported as resting on it."""

    users_below: int | None = None
    """The whole group has fewer monthly active users than this, at any time."""
    model_as_a_service: bool | None = None
    """Whether licensee or affiliates are in the business of offering models as a service."""


class Circumstances(NamedTuple):
    """The circumstances of one use. None means that it is not stated, never that it is none."""

    purpose: PurposeName | None = None
    """Use inside a company is commercial and not distributed."""
    distribution: tuple[Sharing, ...] | None = None
    regions: tuple[str, ...] | None = None
    """Where it is used: EU, UK, country codes, worldwide."""
    product_users: int | None = None
    """Monthly active users of this product."""
    daily_users: int | None = None
    """Daily active users of this product."""
    group_users: tuple[UsersInMonth, ...] | None = None
    revenue: tuple[Revenue, ...] | None = None
    seat: str | None = None
    """The licensee's seat: a country or region code."""
    multimodal: bool | None = None
    """Whether the model takes more than text."""
    model_as_a_service: bool | None = None
    """Whether licensee or affiliates are in the business of offering models as a service."""
    field_of_use: FieldOfUse | None = None
    held: tuple[PermissionName, ...] = ()
    """What the licensor has granted: a registration, a subscription, a separate licence."""
    lacking: tuple[PermissionName, ...] = ()
    """What is known not to have been granted."""
    end_user: bool = False
    """An end user of somebody else's product that embeds the model."""
    guardrails_removed: bool = False
    hardware: str = ""
    """The GPU that it runs on, by name; empty where it is not stated."""
    family: str = ""
    """Which of several models under one text is meant: "cosmos"; empty where it is not stated."""
    assumed: Assumptions = Assumptions()

    @property
    def assumed_users_below(self) -> int | None:
        """The assumed bound on the group's users; None where a stated figure reaches it, so that it cannot hold."""
        bound = self.assumed.users_below
        figures = [users.value for users in self.group_users or ()] + [self.product_users or 0]
        return None if bound is None or max(figures) >= bound else bound

    @property
    def passes_on(self) -> bool | None:
        """Whether copies reach third parties."""
        return None if self.distribution is None else bool({"weights", "on-device"} & set(self.distribution))

    @property
    def serves(self) -> bool | None:
        """Whether third parties use it over a network."""
        return None if self.distribution is None else "service" in self.distribution

    @property
    def stays_inside(self) -> bool:
        """Whether nothing leaves the organisation; False where nothing is stated."""
        return self.distribution is not None and set(self.distribution) <= {"no", "internal"}
