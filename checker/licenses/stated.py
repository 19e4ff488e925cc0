"""Gathers the circumstances of a use from what a manifest and a policy state, and knows the lines that state them.

Licences do not know manifests or policies, so this says what it needs of them; a rule hands them in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, cast, get_args

from checker.document.place import At, Place
from checker.licenses.circumstances import Assumptions, Circumstances, Revenue, Sharing, UsersInMonth
from checker.licenses.license import PermissionName, PurposeName

PERMISSIONS: tuple[PermissionName, ...] = get_args(PermissionName)
"""What `obligations: [{duty: …}]` may record as granted by a licensor."""


class StatedUse(Protocol):
    """The block `use` of a manifest."""

    @property
    def purpose(self) -> At[str] | None:
        """What the use is for."""

    @property
    def distribution(self) -> Sequence[At[str]]:
        """What leaves the organisation."""

    @property
    def regions(self) -> Sequence[At[str]]:
        """Where it is used."""

    @property
    def monthly_active_users(self) -> At[int] | None:
        """Users of this product."""


class StatedUsers(Protocol):
    """One month of `organisation.users`."""

    @property
    def month(self) -> At[str]:
        """YYYY-MM."""

    @property
    def value(self) -> At[int]:
        """The figure."""


class StatedRevenue(Protocol):
    """One year of `organisation.revenue`."""

    @property
    def year(self) -> At[int]:
        """The financial year."""

    @property
    def value(self) -> At[int]:
        """The figure."""

    @property
    def currency(self) -> At[str]:
        """ISO 4217 code."""


class StatedOrganisation(Protocol):
    """The block `organisation` of a policy."""

    @property
    def seat(self) -> At[str] | None:
        """A country or region code."""

    @property
    def users(self) -> Sequence[StatedUsers]:
        """Users of the group, by month."""

    @property
    def revenue(self) -> Sequence[StatedRevenue]:
        """Revenue of the group, by year."""


def circumstances(
    use: StatedUse | None,
    organisation: StatedOrganisation,
    *,
    multimodal: bool | None,
    hardware: str = "",
    family: str = "",
    duties_shown: Iterable[str],
    assumed: Assumptions,
) -> Circumstances:
    """What is stated of a use; an empty list states nothing.

    Args:
        use: the manifest's block, None where there is none.
        organisation: the policy's facts about the licensee.
        multimodal: whether the model takes more than text; None where that is not known.
        hardware: the GPU that it runs on; empty where that is not declared.
        family: the model's id, by which a text may single out some models; empty where it does not matter.
        duties_shown: the duties that the entry shows to be met.
        assumed: what the policy assumes.
    """
    purpose = use.purpose.value if use and use.purpose else None
    users = use.monthly_active_users.value if use and use.monthly_active_users else None
    shown = frozenset(duties_shown)
    return Circumstances(
        purpose=cast("PurposeName | None", purpose and str(purpose)),
        distribution=_values(use.distribution) if use and use.distribution else None,
        regions=tuple(region.value for region in use.regions) if use and use.regions else None,
        product_users=users,
        group_users=tuple(UsersInMonth(row.month.value, row.value.value) for row in organisation.users) or None,
        revenue=tuple(
            Revenue(row.value.value, row.currency.value, "year", row.year.value) for row in organisation.revenue
        )
        or None,
        seat=organisation.seat.value if organisation.seat else None,
        multimodal=multimodal,
        hardware=hardware,
        family=family,
        held=tuple(name for name in PERMISSIONS if name in shown),
        assumed=assumed,
    )


def _values(distribution: Sequence[At[str]]) -> tuple[Sharing, ...]:
    return tuple(cast("Sharing", str(way.value)) for way in distribution)


def line_of(key: str, use: StatedUse | None) -> Place | None:
    """The manifest's line that states a key of the circumstances; None where the policy states it."""
    if use is None:
        return None
    stated = {
        "use.purpose": use.purpose,
        "use.monthly_active_users": use.monthly_active_users,
        "use.distribution": use.distribution[0] if use.distribution else None,
        "use.regions": use.regions[0] if use.regions else None,
    }.get(key)
    return stated.at if stated else None
