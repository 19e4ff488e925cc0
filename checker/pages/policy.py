"""A policy in sentences, for people who read no YAML: what stops a change, what is reported, and who decided it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from checker import HOME, __version__
from checker.document.errors import visible
from checker.policy.policy import Policy, Rank, ResolvedRule
from checker.rulebook.documentation import Documentation, documentation
from checker.rulebook.schedule import Enforcement
from checker.value import NamedTuple

_TEMPLATE = Path(__file__).with_name("policy.html.jinja")

_LEADS = {
    Enforcement.HARD_MANDATORY: "Blocks, no exception, where this does not hold:",
    Enforcement.SOFT_MANDATORY: "Blocks, unless excepted, where this does not hold:",
    Enforcement.ADVISORY: "Is reported where this does not hold:",
    Enforcement.OFF: "Is not judged:",
}
_LEVELS = {
    Enforcement.HARD_MANDATORY: (
        "Blocks, no exception",
        "Where one of these sentences does not hold, or nobody can tell, the change is stopped."
        " No exception can be made.",
    ),
    Enforcement.SOFT_MANDATORY: (
        "Blocks, unless an exception is recorded",
        "Where one of these does not hold, or nobody can tell, the change is stopped, unless a recorded exception,"
        " with a reason, an approver and a last day, covers it.",
    ),
    Enforcement.ADVISORY: (
        "Is reported, never blocks",
        "Where one of these does not hold, the report says so, and the change goes on.",
    ),
    Enforcement.OFF: ("Is not judged", "Nobody looks at these."),
}
_RANKS = {
    Rank.PACK: "a starting point that Weighbridge ships",
    Rank.ORGANISATION: "the organisation's own",
    Rank.PROJECT: "the project's own, which can only tighten",
}
_SETTLERS = {"you": "the project", "platform": "the platform team", "legal": "the legal team"}


class _Setting(NamedTuple):
    name: str
    meaning: str
    values: tuple[str, ...]
    set_by: str


class _Rule(NamedTuple):
    id: str
    sentence: str
    page: Documentation
    settles: str
    later: tuple[str, ...]
    stated: tuple[_Setting, ...]
    """Settings that some layer of the policy states."""
    defaults: tuple[_Setting, ...]
    set_by: str


class _Group(NamedTuple):
    level: str
    title: str
    explanation: str
    lead: str
    """What stands before each sentence, so that one that is quoted alone still says what it does."""
    rules: tuple[_Rule, ...]


def as_html(policy: Policy, today: date) -> str:
    """The policy as it stands on `today`, as one HTML file."""
    from checker.document.page import environment  # an HTML library is imported for HTML alone

    templates = environment(_TEMPLATE.parent)
    templates.filters["prose"] = _prose
    page = templates.get_template(_TEMPLATE.name)
    return (
        page.render(
            policy=policy,
            today=today,
            groups=[group for level in reversed(Enforcement) if (group := _group(policy, level, today)).rules],
            layers=[(layer.name, _RANKS[layer.rank]) for layer in policy.layers],
            exceptions=_exceptions(policy),
            organisation=_organisation(policy),
            providers=policy.providers.allowed,
            version=__version__,
            home=HOME,
        )
        + "\n"
    )


def _prose(text: str) -> object:
    """A sentence whose `names` between backticks are set as code."""
    from markupsafe import Markup, escape

    parts = [escape(visible(part)) for part in text.split("`")]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else part for index, part in enumerate(parts)
    )


def _group(policy: Policy, level: Enforcement, today: date) -> _Group:
    title, explanation = _LEVELS[level]
    rules = tuple(_rule(rule, today) for rule in policy.rules.values() if rule.level(today) is level)
    return _Group(level, title, explanation, _LEADS[level], rules)


def _rule(rule: ResolvedRule, today: date) -> _Rule:
    page = _page(rule)
    settings = [
        (setting.name in rule.set_by, _setting(rule, setting.name, setting.meaning))
        for setting in page.settings
        if hasattr(rule.settings, setting.name)  # a rule that is always off has none of its own
    ]
    return _Rule(
        id=rule.id,
        sentence=page.summary,
        page=page,
        settles=_SETTLERS[page.settled_by],
        later=tuple(f"From {step.begins}: {_LEVELS[step.enforcement][0]}." for step in rule.schedule.after(today)),
        stated=tuple(setting for stated, setting in settings if stated),
        defaults=tuple(setting for stated, setting in settings if not stated),
        set_by=_set_by(rule, "enforcement"),
    )


def _page(rule: ResolvedRule) -> Documentation:
    if not rule.custom:
        return documentation(rule.id)
    from checker.policy.custom_page import page

    return page(rule)


def _setting(rule: ResolvedRule, name: str, meaning: str) -> _Setting:
    return _Setting(name, meaning, _values(getattr(rule.settings, name)), _set_by(rule, name))


def _set_by(rule: ResolvedRule, name: str) -> str:
    set_by = rule.set_by.get(name)
    return str(set_by.at) if set_by else "the rule's default"


def _values(value: object) -> tuple[str, ...]:
    """A setting's value in words, one entry each."""
    if value is None or value == ():
        return ("nothing is set",)
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, dict):
        return tuple(f"{key}: {', '.join(_values(item))}" for key, item in value.items()) or ("nothing is set",)
    if isinstance(value, (tuple, frozenset)):
        return tuple(_values(item)[0] for item in value)
    if isinstance(value, int):
        return (f"{value:,}",)
    return (str(value),)


def _exceptions(policy: Policy) -> tuple[str, ...]:
    """How exceptions are recorded, in sentences."""
    terms = policy.waivers
    if terms is None:
        return ("This policy admits no exceptions: whatever blocks stays blocked until it is repaired.",)
    whose = "the organisation keeps" if terms.owner == "policy" else "each project keeps"
    who = ", ".join(terms.approvers) if terms.approvers else "whoever the organisation's own file names"
    wide = ", ".join(sorted(terms.wildcards)) or "nothing"
    asked = f" Each must state: {', '.join(sorted(terms.require))}." if terms.require else ""
    return (
        f"Exceptions are recorded in {terms.file}, which {whose}.",
        f"An exception lasts {terms.max_days} days at most and is approved by {who}.{asked}",
        f"What one exception may cover at once, by a wildcard: {wide}.",
    )


def _organisation(policy: Policy) -> tuple[str, ...]:
    """What the policy says of the licensee, since licences ask for it."""
    told = policy.organisation
    said = [f"Its seat is in {told.seat.value}."] if told.seat else []
    said += [f"In {one.month.value} the whole group had {one.value.value:,} monthly users." for one in told.users]
    said += [
        f"In {one.year.value} the whole group's revenue was {one.value.value:,} {one.currency.value}."
        for one in told.revenue
    ]
    return tuple(said)
