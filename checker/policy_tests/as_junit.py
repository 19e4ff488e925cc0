"""What the cases of a policy come to, as JUnit's XML: one suite a policy, one test a case, a survivor or a threshold.

Time and host are constants, so that equal cases give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.policy_tests.run import Result, Tried, Wishes
from checker.report.junit import Test, document, suite


def render(results: tuple[Result, ...], wishes: Wishes, listed: bool) -> str:
    """The document in ASCII; `listed` changes nothing here."""
    lines = [line for index, result in enumerate(results) for line in _suite(index, result, wishes)]
    return document(lines)


def _suite(index: int, result: Result, wishes: Wishes) -> Iterator[str]:
    tests = (*map(_test, result.cases), *_asked(result, wishes))
    properties = {"policy": f"{result.name} {result.version}", "policy.sha256": result.sha256}
    return suite(index, result.reference, tests, wishes.today, properties)


def _test(case: Tried) -> Test:
    if case.holds:
        return Test(case.name, "cases")
    body = "\n".join(
        line
        for one in case.differences
        for line in (f"- {one.what}: {one.expected}", f"+ {one.what}: {one.found}", *one.why)
    )
    first = case.differences[0]
    return Test(case.name, "cases", "error" if case.unknown else "failure", f"expected {first.expected}", body)


def _asked(result: Result, wishes: Wishes) -> Iterator[Test]:
    if wishes.required is not None:
        missing = "\n".join(f"{one.at}: {one.what}" for one in result.coverage.missing)
        short = result.coverage.share < wishes.required
        said = f"{result.coverage.share:.1%} of {wishes.required:.1%}"
        yield Test("coverage", "coverage", "failure", said, missing) if short else Test("coverage", "coverage")
    for one in result.mutation.survivors if result.mutation else ():
        yield Test(f"{one.rule}.{one.setting} {one.words}", "loosenings", "failure", "no case notices it", str(one.at))
