"""How much of what small judged repositories use a scan finds, misses and gets wrong, by family and in sum.

Run it with `python dev.py bench scan_accuracy`, or by itself with `python -m benchmarks.scan_accuracy`. The cases are
reconstructions, in our own words, of patterns out of public code. Each use and each place that names no model counts
once; `wrong` are uses that are none and uses of which something wrong is said.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.scan.judged_cases import FAMILIES, cases, judged  # noqa: E402


def main() -> None:
    print(f"{'family':<12}{'cases':>7}{'judged':>8}{'found':>7}{'missed':>8}{'wrong':>7}")
    lines, sums = [], [0, 0, 0, 0, 0]
    for family in FAMILIES:
        row = [0, 0, 0, 0, 0]
        for case in (one for one in cases() if one.family == family):
            with tempfile.TemporaryDirectory() as folder:
                outcome = judged(case, Path(folder))
            counts = (1, len(case.wanted), outcome.found, len(outcome.missed), len(outcome.wrong))
            row = [left + right for left, right in zip(row, counts, strict=True)]
            lines += [f"missed  {family}: {case.name}: {one}" for one in outcome.missed]
            lines += [f"wrong   {family}: {case.name}: {one}" for one in outcome.wrong]
        print(f"{family:<12}{row[0]:>7}{row[1]:>8}{row[2]:>7}{row[3]:>8}{row[4]:>7}")
        sums = [left + right for left, right in zip(sums, row, strict=True)]
    print(f"{'all':<12}{sums[0]:>7}{sums[1]:>8}{sums[2]:>7}{sums[3]:>8}{sums[4]:>7}")
    print("\n".join(["", *lines]) if lines else "")


if __name__ == "__main__":
    main()
