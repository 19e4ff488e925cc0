"""What the cases of a policy come to, for a terminal: failures as a diff, then coverage and surviving loosenings."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import visible
from checker.policy_tests.coverage import Covered
from checker.policy_tests.run import Result, Tried, Wishes

_LINES = 6
"""Sentences of the report that stand below one difference at most."""
_LABELS = {"levels": "level of ", "exit_code": "exit_code: "}
"""What stands before a value that does not name its rule itself."""


def render(results: tuple[Result, ...], wishes: Wishes, listed: bool) -> str:
    """The text; `listed` says whether every rule and setting is named with its cases."""
    return "".join(f"{visible(line)}\n" for result in results for line in _lines(result, wishes, listed))


def _lines(result: Result, wishes: Wishes, listed: bool) -> Iterator[str]:
    for case in result.cases:
        if not case.holds:
            yield from _failed(case)
    yield from _coverage(result, listed)
    yield from _mutation(result, wishes)
    failed = sum(not case.holds and not case.unknown for case in result.cases)
    unknown = sum(case.unknown for case in result.cases)
    held = len(result.cases) - failed - unknown
    parts = [f"{held} of {len(result.cases)} cases hold"]
    parts += [f"{failed} fail"] if failed else []
    parts += [f"{unknown} could not be evaluated"] if unknown else []
    share = result.coverage.share
    parts.append(f"coverage {share * 100:.1f} %" if 0 < share < 1 else f"coverage {share * 100:.0f} %")
    if not result.coverage.items:
        parts[-1] = "no rule of its own to cover (--inherited counts those of shipped packs)"
    if wishes.required is not None and share < wishes.required:
        parts[-1] += f", required {wishes.required * 100:g} %"
    if result.mutation is not None:
        parts.append(f"{len(result.mutation.survivors)} of {result.mutation.tried} loosenings survive")
    yield f"{result.reference}: {result.name} {result.version}: {'; '.join(parts)}"


def _failed(case: Tried) -> Iterator[str]:
    yield f"{case.at}: {'could not be evaluated' if case.unknown else 'fails'}: {case.name}"
    yield "--- expected"
    yield "+++ found"
    for one in case.differences:
        label = _LABELS.get(one.what, "")
        yield f"- {label}{one.expected}"
        yield f"+ {label}{one.found}"
        yield from (f"    {line}" for line in one.why[:_LINES])
        if len(one.why) > _LINES:
            yield f"    and {len(one.why) - _LINES} more"
    yield ""


def _coverage(result: Result, listed: bool) -> Iterator[str]:
    items = result.coverage.items if listed else result.coverage.missing
    if not items:
        return
    yield "coverage:" if listed else "never exercised:"
    for one in items:
        yield f"  {one.at}: {one.what}: {_sides(one, listed)}"
    yield ""


def _sides(one: Covered, listed: bool) -> str:
    if listed:
        return f"passes in {_quoted(one.passed)}; fails in {_quoted(one.failed)}"
    missing = [f"a {side} case" for side, name in (("passing", one.passed), ("failing", one.failed)) if not name]
    return f"by {' or '.join(missing)}"


def _quoted(name: str) -> str:
    return f"`{name}`" if name else "no case"


def _mutation(result: Result, wishes: Wishes) -> Iterator[str]:
    if wishes.mutate and result.mutation is None:
        yield "no loosening was tried: a case that fails already notices nothing"
        yield ""
    elif result.mutation is not None and result.mutation.survivors:
        yield "no case notices that:"
        for one in result.mutation.survivors:
            yield f"  {one.at}: {one.rule}.{one.setting} is {one.words}"
        yield ""
