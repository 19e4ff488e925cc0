"""A change does not grant itself the waiver that it needs.

What: under `check --since`, no waiver is added by the same change that is judged, nor widened by it: made to cover
      more, to last longer, or to bear another approver. Without `--since` it is not applicable.
Why:  whoever writes a change can write a waiver beside it with any approver's name in it. That name is no signature;
      somebody has to see that the two arrived together.
Fix:  let the waiver be merged by itself, reviewed by who approves it; or have the reviewer confirm it.

Passes: {id: W-1, rule: training-fits, project: bot, model: assistant, kind: emergency, reason: outage,
         approver: legal@example.com, approved_on: 2026-11-01, expires: 2026-12-31}
Fails:  {id: W-2, rule: training-fits, project: bot, model: assistant, kind: emergency, reason: outage,
         approver: legal@example.com, approved_on: 2026-11-01, expires: 2026-12-31}
"""

from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import Settler
from checker.rulebook.waiver_case import WaiverCase

SETTLED_BY = Settler.PLATFORM


def check(waiver: WaiverCase) -> Outcome:
    """Report what the change makes of the waiver."""
    if not waiver.is_change:
        return NotApplicable("no change is judged: `--since` was not given")
    if waiver.widened is None:
        return Passed()
    return Failed(
        (
            Finding(
                at=waiver.widened.at,
                expected="waivers as they were before the change",
                found=waiver.widened.found,
                remedy="have the waiver merged by itself, reviewed by who approves it",
            ),
        )
    )
