"""What the cases of a policy come to, for programs."""

from __future__ import annotations

from typing import Any

from checker.document.as_json import dumps
from checker.policy_tests.run import Result, Wishes, code_of


def render(results: tuple[Result, ...], wishes: Wishes, listed: bool) -> str:
    """One document for all policies; whether coverage is `listed` whole changes nothing here: it always is."""
    content = {
        "exit_code": int(code_of(results, wishes)),
        "required_coverage": wishes.required,
        "policies": [_policy(result) for result in results],
    }
    return dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _policy(result: Result) -> dict[str, Any]:
    mutation = result.mutation
    return {
        "reference": result.reference,
        "policy": result.name,
        "version": result.version,
        "sha256": result.sha256,
        "files": list(result.files),
        "cases": [
            {
                "name": case.name,
                "at": str(case.at),
                "outcome": "holds" if case.holds else "not-evaluated" if case.unknown else "fails",
                "differences": [
                    {"what": one.what, "expected": one.expected, "found": one.found, "why": list(one.why)}
                    for one in case.differences
                ],
            }
            for case in result.cases
        ],
        "coverage": {
            "share": round(result.coverage.share, 4),
            "items": [
                {"what": one.what, "at": str(one.at), "passes_in": one.passed or None, "fails_in": one.failed or None}
                for one in result.coverage.items
            ],
        },
        "mutation": None
        if mutation is None
        else {
            "tried": mutation.tried,
            "survivors": [
                {"rule": one.rule, "setting": one.setting, "loosening": one.words, "at": str(one.at)}
                for one in mutation.survivors
            ],
        },
    }
