"""In what two resolved policies differ, one setting at a time, and the older one with some of these put in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checker.policy.policy import Policy, ResolvedRule
from checker.rulebook.discover import load_rule
from checker.rulebook.licensee import NothingSaid
from checker.rulebook.schedule import Enforcement, Schedule
from checker.value import NamedTuple

LEVEL = "enforcement"
_OFF = Schedule.always(Enforcement.OFF)
_NONE: dict[str, Any] = {}


class Part(NamedTuple):
    """One thing in which the newer policy differs."""

    rule: str
    """Empty for what holds for all rules."""
    setting: str
    words: str
    """What changed: `without gemma`, `0.1 → 0.15`."""

    @property
    def name(self) -> str:
        """As a policy writes it: `license-allowed.allow`, `organisation`."""
        return f"{self.rule}.{self.setting}" if self.rule else self.setting


def parts(old: Policy, new: Policy) -> tuple[Part, ...]:
    """Everything in which the newer policy can decide otherwise."""
    return (*_general(old, new), *_of_rules(old, new))


def _general(old: Policy, new: Policy) -> Iterator[Part]:
    if _organisation(old) != _organisation(new):
        yield Part("", "organisation", "other facts about the licensee")
    if old.providers != new.providers:
        yield Part("", "api.providers", _words(old.providers.allowed, new.providers.allowed))
    if _opinions(old) != _opinions(new):
        yield Part("", "opinions", "other readings of licences")
    if [lock.sha256 for lock in old.facts] != [lock.sha256 for lock in new.facts]:
        yield Part("", "facts", "other facts of the organisation")
    if (old.waivers and (old.waivers.demands(), old.waivers.folder)) != (
        new.waivers and (new.waivers.demands(), new.waivers.folder)
    ):
        yield Part("", "waivers", "another file of waivers, or other terms for them")


def _organisation(policy: Policy) -> object:
    said = policy.organisation
    if isinstance(said, NothingSaid):
        return None
    users = tuple((one.month.value, one.value.value) for one in said.users)
    revenue = tuple((one.year.value, one.value.value, one.currency.value) for one in said.revenue)
    return (said.seat.value if said.seat else None, users, revenue) if said.seat or users or revenue else None


def _opinions(policy: Policy) -> list[object]:
    return [(one.sentence, sorted(use.value for use in one.use)) for one in policy.opinions]


def _of_rules(old: Policy, new: Policy) -> Iterator[Part]:
    for rule in sorted({*old.rules, *new.rules}):
        before, after = old.rules.get(rule), new.rules.get(rule)
        first, second = (one.schedule if one else _OFF for one in (before, after))
        if first != second:
            yield Part(rule, LEVEL, f"{_levels(first)} → {_levels(second)}")
        if _is_own(before, after) and (before is None or after is None):
            continue  # a rule of the policy's own comes and goes whole
        held, asked = (_values(one) for one in (before, after))
        for name in sorted({*held, *asked}):
            default = None
            if name not in held or name not in asked:
                default = load_rule(rule).settings.model_fields[name].get_default(call_default_factory=True)
            was, is_ = held.get(name, default), asked.get(name, default)
            if was != is_:
                yield Part(rule, name.rstrip("_"), _words(was, is_))


def _is_own(*rules: ResolvedRule | None) -> bool:
    """Whether it is a rule that a policy states itself, under `rules.custom`."""
    return any(one is not None and one.custom for one in rules)


def _values(resolved: ResolvedRule | None) -> dict[str, Any]:
    """The settings of a rule; none of one that is off, whose own are never read."""
    return vars(resolved.settings) if resolved is not None else _NONE


def _levels(schedule: Schedule) -> str:
    first, *later = schedule.steps
    return f"{first.enforcement}{''.join(f', {step.enforcement} from {step.begins}' for step in later)}"


def _words(old: Any, new: Any) -> str:
    """What changed; of two lists what came and what went."""
    if isinstance(old, tuple) and isinstance(new, tuple):
        gone = [str(item) for item in old if item not in new]
        come = [str(item) for item in new if item not in old]
        said = [f"without {', '.join(gone)}"] if gone else []
        return "; ".join([*said, *([f"with {', '.join(come)}"] if come else [])]) or "in another order"
    if isinstance(old, dict) and isinstance(new, dict):
        changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        return "; ".join(f"{key}: {_words(old.get(key), new.get(key))}" for key in changed)
    return f"{_shown(old)} → {_shown(new)}"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    if value in (None, ""):
        return "none"
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())


def mixed(old: Policy, new: Policy, chosen: Iterable[Part]) -> Policy:
    """The older policy with these parts of the newer one."""
    rules = dict(old.rules)
    policy = old
    for part in chosen:
        if part.rule:
            made = _rule(part, rules.get(part.rule), old.rules.get(part.rule), new.rules.get(part.rule))
            if made is not None:
                rules[part.rule] = made
        else:
            field = "providers" if part.setting == "api.providers" else part.setting
            policy = policy._replace(**{field: getattr(new, field)})
    return policy._replace(rules=dict(sorted(rules.items())))


def _rule(
    part: Part, so_far: ResolvedRule | None, old: ResolvedRule | None, new: ResolvedRule | None
) -> ResolvedRule | None:
    """One rule with one part of the newer policy; a rule that neither names has nothing to be changed."""
    source = new or old
    if source is None:
        return None
    if _is_own(source):
        return _own_rule(part, so_far, new)
    settings = load_rule(part.rule).settings
    schedule = so_far.schedule if so_far else _OFF
    values = dict(_values(so_far))
    if part.setting == LEVEL:
        schedule = new.schedule if new else _OFF
    else:
        asked = _values(new)
        default = settings.model_fields[part.setting].get_default(call_default_factory=True)
        values[part.setting] = asked.get(part.setting, default)
    known = {name: value for name, value in values.items() if name in settings.model_fields}
    own = {name: by for name, by in source.set_by.items() if name == part.setting}
    set_by = {**(so_far.set_by if so_far else {}), **own}
    set_by.setdefault(LEVEL, source.set_by[LEVEL])
    return ResolvedRule(part.rule, schedule, settings.model_construct(**known), set_by)


def _own_rule(part: Part, so_far: ResolvedRule | None, new: ResolvedRule | None) -> ResolvedRule | None:
    """A rule of the policy's own with one part of the newer policy: it has no state without its condition."""
    if so_far is None or new is None:
        return new if so_far is None else so_far._replace(schedule=_OFF)
    if part.setting == LEVEL:
        return so_far._replace(schedule=new.schedule, set_by={**so_far.set_by, LEVEL: new.set_by[LEVEL]})
    # `assert` is a word of Python's own, so that the attribute has another name.
    name = part.setting if part.setting in vars(new.settings) else f"{part.setting}_"
    settings = so_far.settings.model_copy(update={name: getattr(new.settings, name)})
    own = {key: by for key, by in new.set_by.items() if key == part.setting}
    return so_far._replace(settings=settings, set_by={**so_far.set_by, **own})
