"""Why an evaluation blocks, in a line."""

from checker.verdict import Evaluation, Verdict


def reason(evaluation: Evaluation) -> str:
    """Why an evaluation blocks, in a line: what was found and expected, or what is missing."""
    if evaluation.verdict is Verdict.FAIL:
        first = next((one for one in evaluation.findings if one.blocks), evaluation.findings[0])
        return f"{evaluation.rule}: {first.found}; expected {first.expected}"
    missing = "; ".join(f"{one.name} is unknown ({one.reason})" for one in evaluation.missing)
    return f"{evaluation.rule}: {missing}"
