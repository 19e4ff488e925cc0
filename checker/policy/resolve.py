"""Layers joined into one policy: packs are a starting point, everything below them may only tighten."""

from collections.abc import Callable, Sequence
from typing import Any

from checker.document.errors import InputError, Problem
from checker.document.place import Place
from checker.policy.policy import Layer, Rank, ResolvedRule, SetBy
from checker.policy.stated import StatedRule
from checker.rulebook.discover import direction_of, judges_waivers, load_rule
from checker.rulebook.schedule import Enforcement, Schedule
from checker.rulebook.settings import RuleSettings
from checker.rulebook.tighter import Direction, fixed
from checker.value import NamedTuple


class Value(NamedTuple):
    """A setting's value and who set it."""

    value: Any
    set_by: SetBy
    floor: "Value | None" = None
    """What the organisation's own files ask for, without the packs that they start from; nothing may be weaker."""


class RuleState(NamedTuple):
    """One rule as the layers read so far want it."""

    schedule: Value | None
    values: dict[str, Value]
    custom: bool = False
    """Whether it is the policy's own, under `rules.custom`."""


State = dict[str, RuleState]


def apply(state: State, layer: Layer, stated: dict[str, StatedRule]) -> State:
    """The state with one more layer below what it holds.

    Raises:
        InputError: the layer weakens something, with both places; or names a rule without a level that nobody sets.
    """
    problems: list[Problem] = []
    merged = dict(state)
    for rule_id, rule in stated.items():
        above = state.get(rule_id, RuleState(None, {}))
        schedule = _schedule(rule_id, above.schedule, layer, rule, problems)
        values = dict(above.values)
        if rule.custom and rule_id not in state:  # a rule that a layer adds loosens nothing
            values = _added(rule_id, layer, rule, problems)
        else:
            for name, place in rule.places.items():
                values[name] = _value(rule_id, name, above, layer, rule, place, problems)
        merged[rule_id] = RuleState(schedule, values, rule.custom)
    if problems:
        raise InputError(tuple(problems))
    return merged


def tightest(states: Sequence[State]) -> State:
    """What several layers of one rank ask for together: for every setting the tightest value."""
    joined: State = {}
    for state in states:
        for rule_id, rule in state.items():
            joined[rule_id] = _join(rule_id, joined[rule_id], rule) if rule_id in joined else rule
    return joined


def resolved(state: State) -> dict[str, ResolvedRule]:
    """The rules with their final settings, in the order of their ids; a rule that is always off is not loaded."""
    return {rule_id: _resolved_rule(rule_id, state[rule_id]) for rule_id in sorted(state)}


def _schedule(
    rule_id: str, above: Value | None, layer: Layer, rule: StatedRule, problems: list[Problem]
) -> Value | None:
    if rule.schedule is None:
        if above is None:
            problems.append(
                Problem(
                    sentence=f"rules.{rule_id} has no `enforcement`, and no layer above sets one",
                    expected=f"one of {', '.join(Enforcement)}",
                    at=rule.at,
                )
            )
        return above
    stated = _own(Value(rule.schedule.value, SetBy(layer, rule.schedule.at)))
    held = _binding(above, layer)
    if above is None or held is None:
        return stated
    day = held.value.weakened_by(stated.value)
    if day is None:
        return stated
    levels = f"`{held.value.on(day)}` to `{stated.value.on(day)}`"
    since = "" if day == day.min else f" from {day}"
    expected = "the same level or a higher one"
    problems.append(_weakening(f"lowers {rule_id} from {levels}{since}", expected, stated, held))
    return above


def _added(rule_id: str, layer: Layer, rule: StatedRule, problems: list[Problem]) -> dict[str, Value]:
    """What a layer says of a custom rule that no layer above has."""
    if "assert" not in rule.places:
        problems.append(
            Problem(
                sentence=f"the custom rule {rule_id} has no `assert`, and no layer above defines it",
                expected="`assert` with the condition that has to hold",
                at=rule.at,
            )
        )
    fields = _settings_of(rule_id, custom=True).model_fields
    # What it leaves out it says by that: a lower layer may not fill it in.
    places = {field.alias or name: rule.at for name, field in fields.items()} | rule.places
    return {name: _own(Value(_stated(rule.settings, name), SetBy(layer, place))) for name, place in places.items()}


def _settings_of(rule_id: str, *, custom: bool) -> type[RuleSettings]:
    """The typed options of a rule."""
    if not custom:
        return load_rule(rule_id).settings
    from checker.custom.settings import CustomSettings

    return CustomSettings


def _direction(settings: type[RuleSettings], name: str, state: RuleState) -> Direction:
    """What tighter means for a setting of a rule as it stands above."""
    if name == "min_certainty" and state.custom and _asks_what_is_known(state):
        return fixed
    return direction_of(settings, _ATTRIBUTES.get(name, name))


def _asks_what_is_known(state: RuleState) -> bool:
    """Whether a custom rule may hold because a fact is missing: asking for surer facts could then loosen it."""
    from checker.custom.expression import asks_what_is_known

    return any(asks_what_is_known(state.values[key].value) for key in ("when", "assert"))


def _stated(settings: RuleSettings | None, name: str) -> Any:
    """What a layer states under the name that policies write."""
    return getattr(settings, _ATTRIBUTES.get(name, name))


_ATTRIBUTES = {"assert": "assert_"}
"""Settings whose name is a word of Python."""


def _own(value: Value) -> Value:
    """A value that a layer states; one of the organisation's own is the floor for what follows."""
    return value if value.set_by.layer.rank is Rank.PACK else value._replace(floor=value._replace(floor=None))


def _binding(above: Value | None, layer: Layer) -> Value | None:
    """What a layer may not weaken: all that stands above it, or, for the organisation, its own files alone."""
    if above is None or layer.rank is not Rank.ORGANISATION:
        return above
    return above.floor


def _value(
    rule_id: str,
    name: str,
    state: RuleState,
    layer: Layer,
    rule: StatedRule,
    place: Place,
    problems: list[Problem],
) -> Value:
    assert rule.settings is not None  # a place is only known for a bound setting
    above = state.values.get(name)
    settings = _settings_of(rule_id, custom=rule.custom)
    direction = _direction(settings, name, state)
    stated = Value(_stated(rule.settings, name), SetBy(layer, place))
    default = _default(settings, name)
    held = above.value if above else default
    binding = _binding(above, layer)
    limit = binding.value if binding else default
    if (binding is not None or layer.rank is Rank.PROJECT) and direction.weakens(limit, stated.value):
        sentence = f"loosens rules.{rule_id}.{name} from `{_shown(limit)}` to `{_shown(stated.value)}`"
        problems.append(_weakening(sentence, direction.words, stated, binding))
        return above or stated
    if layer.rank is Rank.PROJECT or (layer.rank is Rank.PACK and above is not None):
        return _own(stated._replace(value=direction.join(held, stated.value)))
    if layer.rank is Rank.PACK:
        return stated._replace(value=direction.stack(held, stated.value))
    floor = direction.join(binding.value, stated.value) if binding else stated.value
    value = direction.stack(held, stated.value)
    return stated._replace(value=value, floor=stated._replace(value=floor))


def _weakening(sentence: str, expected: str, stated: Value, above: Value | None) -> Problem:
    held_by = f"{above.set_by.layer.name} sets it" if above else "it is the rule's default"
    return Problem(
        sentence=f"{stated.set_by.layer.name} {sentence}; {held_by}, and a lower layer may only tighten",
        expected=expected,
        at=stated.set_by.at,
        also=above.set_by.at if above else None,
    )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_shown(item)}" for key, item in value.items()) + "}"
    return "no limit" if value is None else str(value)


def _join(rule_id: str, first: RuleState, second: RuleState) -> RuleState:
    """Both layers' wishes for one rule; a layer that states no value wants the rule's default."""
    if first.custom:
        _refuse_two(rule_id, first, second)
    settings = _settings_of(rule_id, custom=first.custom)
    values = {}
    for name in {**first.values, **second.values}:
        join = direction_of(settings, _ATTRIBUTES.get(name, name)).join
        values[name] = _tighter(join, _default(settings, name), first.values.get(name), second.values.get(name))
    if first.schedule is None or second.schedule is None:
        return RuleState(first.schedule or second.schedule, values, first.custom)
    return RuleState(_tighter(Schedule.join, None, first.schedule, second.schedule), values, first.custom)


def _refuse_two(rule_id: str, first: RuleState, second: RuleState) -> None:
    """Two files of one rank may define a custom rule alike; of two different ones neither is the tighter.

    Raises:
        InputError: they differ in what the rule says.
    """
    unsure = ("min_certainty",) if _asks_what_is_known(first) else ()
    for name in ("assert", "when", "message", "settled_by", *unsure):
        one, other = first.values[name], second.values[name]
        if one.value != other.value:
            raise InputError.one(
                f"`{rule_id}` is a custom rule of {one.set_by.layer.name} and another one of {other.set_by.layer.name}",
                expected="ids that are unique",
                at=other.set_by.at,
                also=one.set_by.at,
            )


def _default(settings: type[RuleSettings], name: str) -> Any:
    return settings.model_fields[_ATTRIBUTES.get(name, name)].get_default(call_default_factory=True)


def _tighter(join: Callable[[Any, Any], Any], default: Any, one: Value | None, other: Value | None) -> Value:
    """Both values joined; the floor is what those among them ask for together that have one."""
    first, second = (value or Value(default, _either(one, other).set_by) for value in (one, other))
    joined = join(first.value, second.value)
    floors = [value.floor for value in (first, second) if value.floor is not None]
    floor = next(iter(floors), None)
    if len(floors) == 2:
        asked = join(floors[0].value, floors[1].value)
        floor = _that_says(asked, floors)._replace(value=asked)
    stated = [value for value in (one, other) if value is not None]
    return Value(joined, _that_says(joined, stated).set_by, floor)


def _that_says(joined: Any, values: list[Value]) -> Value:
    """Which of them is the tightest; the last where only both together are."""
    return next((value for value in values if value.value == joined), values[-1])


def _either(one: Value | None, other: Value | None) -> Value:
    value = one or other
    assert value is not None  # a name is joined because one of the two states it
    return value


def _resolved_rule(rule_id: str, rule: RuleState) -> ResolvedRule:
    assert rule.schedule is not None  # `apply` refuses a layer that leaves a rule without a level
    schedule: Schedule = rule.schedule.value
    set_by = {"enforcement": rule.schedule.set_by} | {name: value.set_by for name, value in rule.values.items()}
    if rule.custom:
        stated = {name: value.value for name, value in rule.values.items()}
        settings = _settings_of(rule_id, custom=True).model_construct(**stated)
        return ResolvedRule(rule_id, schedule, settings, set_by, custom=True)
    if all(step.enforcement is Enforcement.OFF for step in schedule.steps):
        aside = tuple((name, value.value) for name, value in rule.values.items())
        return ResolvedRule(rule_id, schedule, RuleSettings.model_construct(), set_by, aside=aside)
    if judges_waivers(rule_id) and not rule.values:
        # Its own defaults come where a run has waivers to judge; nearly all have none.
        return ResolvedRule(rule_id, schedule, RuleSettings.model_construct(), set_by)
    stated = {name: value.value for name, value in rule.values.items()}
    return ResolvedRule(rule_id, schedule, load_rule(rule_id).settings.model_construct(**stated), set_by)
