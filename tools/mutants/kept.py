"""What is kept of a run: figures, what was noticed, and each mutant that was not, unless it is the same program."""

from __future__ import annotations

import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from reach import ROOT

RECORDS = ROOT / "tests" / "mutation"
EQUIVALENTS = RECORDS / "equivalents.toml"
NOTICED = ("killed", "timeout")


def equivalents() -> dict[tuple[str, ...], str]:
    """The reasons for which a mutant is the same program, by file, scope and both texts."""
    listed = tomllib.loads(EQUIVALENTS.read_text(encoding="utf-8")) if EQUIVALENTS.is_file() else {}
    return {
        (one["file"], one["scope"], flat(one["before"]), flat(one["after"])): one["reason"]
        for one in listed.get("equivalent", [])
    }


def flat(text: str) -> str:
    return " ".join(text.split())


def key(mutant: dict[str, Any]) -> tuple[str, ...]:
    return (mutant["file"], mutant["scope"], flat(mutant["before"]), flat(mutant["after"]))


def record(
    package: str,
    seed: str,
    drawn: dict[str, Any],
    told: dict[str, dict[str, Any]],
    kept: dict[str, Any],
    run: dict[str, Any],
    tests: Sequence[str],
) -> dict[str, Any]:
    """What is kept: figures, the digests of what was noticed, and each mutant that was not."""
    reasons = equivalents()
    noticed = {digest: verdict for verdict in NOTICED for digest in kept.get("noticed", {}).get(verdict, ())}
    noticed |= {digest[:12]: one["verdict"] for digest, one in told.items() if one["verdict"] in NOTICED}
    files: dict[str, Counter] = defaultdict(Counter)
    kinds: dict[str, Counter] = defaultdict(Counter)
    digests: dict[str, list[str]] = {verdict: [] for verdict in NOTICED}
    unnoticed = []
    for mutant in drawn["mutants"]:
        digest = mutant["digest"]
        verdict = noticed.get(digest[:12]) or (told[digest]["verdict"] if digest in told else "pending")
        if verdict in NOTICED:
            digests[verdict].append(digest[:12])
        elif key(mutant) in reasons:
            verdict = "equivalent"
        elif verdict != "pending":
            shown = {name: mutant[name] for name in ("file", "scope", "line")}
            unnoticed.append(
                {"verdict": verdict, **shown, "before": flat(mutant["before"]), "after": flat(mutant["after"])}
            )
        files[mutant["file"]][verdict] += 1
        kinds[mutant["kind"]][verdict] += 1
    whole: Counter = sum(files.values(), Counter())
    judged = whole.total() - whole["equivalent"] - whole["pending"]
    return {
        "package": package,
        "seed": seed,
        "existing": drawn["existing"],
        "drawn": whole.total(),
        **{name: whole[name] for name in (*NOTICED, "survived", "unreached", "equivalent", "pending")},
        "noticed_percent": round(100 * sum(whole[verdict] for verdict in NOTICED) / max(judged, 1), 1),
        "python": sys.version.split()[0],
        "tests": list(tests),
        "runs": [*kept.get("runs", ()), run],
        "files": {name: dict(sorted(some.items())) for name, some in sorted(files.items())},
        "kinds": {name: dict(sorted(some.items())) for name, some in sorted(kinds.items())},
        "unnoticed": unnoticed,
        "noticed": {verdict: sorted(some) for verdict, some in digests.items()},
    }
