"""The JSON report: places, what is wrong with a file, and the policy's stamp, which several of its parts hold."""

from __future__ import annotations

from checker.document.errors import Problem
from checker.document.place import Place
from checker.report._json_judged import JsonLock, JsonPlace, JsonPolicy, JsonPolicyPlace, JsonProblem
from checker.verdict import LockStamp, PolicyPlace, PolicyStamp


def json_policy(policy: PolicyStamp) -> JsonPolicy:
    """The policy by which a manifest was judged."""
    return {
        "name": policy.name,
        "version": policy.version,
        "sha256": policy.sha256,
        "project_sha256": policy.project_sha256,
        "chosen_by": policy.chosen_by,
        "layers": [{"rank": layer.rank, "name": layer.name} for layer in policy.layers],
        "facts": [json_lock(lock) for lock in policy.facts],
    }


def json_problem(problem: Problem) -> JsonProblem:
    """One thing that is wrong with a file."""
    return {
        "sentence": problem.sentence,
        "expected": problem.expected,
        "hint": problem.hint,
        "place": json_place(problem.at) if problem.at else None,
        "also": json_place(problem.also) if problem.also else None,
        "file": problem.file or (problem.at.file.name if problem.at else ""),
    }


def json_policy_place(place: PolicyPlace) -> JsonPolicyPlace:
    """The policy's line that decided."""
    return {"layer": place.layer, "place": json_place(place.at), "setting": place.setting, "stated": place.stated}


def json_place(place: Place) -> JsonPlace:
    """A place in a file."""
    return {"file": place.file.name, "line": place.line, "column": place.column, "width": place.width}


def json_lock(lock: LockStamp) -> JsonLock:
    """A lock that was read, with its digest."""
    return {"file": lock.file, "sha256": lock.sha256}
