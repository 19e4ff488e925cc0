"""The fingerprint of a resolved policy: equal for equal demands, whatever files they came from."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from json import dumps
from typing import TYPE_CHECKING

from checker.policy.policy import ResolvedRule
from checker.rulebook.licensee import NothingSaid, Providers

if TYPE_CHECKING:
    from checker.facts.locked.held import HeldLock
    from checker.policy.waivers import Terms
    from checker.rulebook.opinions import Opinion
    from checker.rulebook.organisation import Organisation


def digest(
    name: str,
    version: str,
    rules: dict[str, ResolvedRule],
    organisation: Organisation | NothingSaid,
    providers: Providers,
    waivers: Terms | None,
    facts: Iterable[HeldLock] = (),
    opinions: tuple[Opinion, ...] = (),
) -> str:
    """SHA-256, in hex, of everything in the policy that can change a verdict, and of its name and version."""
    content: dict[str, object] = {
        "policy": name,
        "version": version,
        "organisation": _organisation(organisation),
        "providers": providers.allowed,
        "rules": {
            rule.id: {
                "enforcement": [[str(step.begins), step.enforcement] for step in rule.schedule.steps],
                "settings": rule.stated(),
            }
            for rule in rules.values()
        },
    }
    if waivers is not None:
        content["waivers"] = waivers.demands()
    if locks := [lock.sha256 for lock in facts]:
        content["facts"] = locks
    if opinions:
        content["opinions"] = [opinion.sentence + str(sorted(use.value for use in opinion.use)) for opinion in opinions]
    return sha256(dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _organisation(organisation: Organisation | NothingSaid) -> dict[str, object]:
    return {
        "seat": organisation.seat.value if organisation.seat else None,
        "users": [[month.month.value, month.value.value] for month in organisation.users],
        "revenue": [[year.year.value, year.value.value, year.currency.value] for year in organisation.revenue],
    }
