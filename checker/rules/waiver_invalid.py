"""A recorded waiver is one that may count.

What: somebody who may approve waivers approved it, on a day that has come; it is no longer and no wider than the
      policy allows, says what the policy requires, and is about a rule that admits waivers. One that is not covers
      nothing, and whatever it was meant for blocks as before.
Why:  an exception that does not count and looks as if it did misleads whoever reads the file.
Fix:  mend the line that the finding names, or remove the waiver.

Passes: {id: W-1, rule: training-fits, project: bot, model: assistant, kind: risk-accepted, reason: ordered,
         approver: legal@example.com, approved_on: 2026-11-01, expires: 2026-12-31}
Fails:  {id: W-1, rule: training-fits, project: bot, model: assistant, kind: risk-accepted, reason: ordered,
         approver: "", approved_on: 2026-11-01, expires: 2026-12-31}
"""

from checker.rulebook.outcome import Failed, Finding, Outcome, Passed
from checker.rulebook.settings import Settler
from checker.rulebook.waiver_case import Kept, WaiverCase

SETTLED_BY = Settler.PLATFORM


def check(waiver: WaiverCase) -> Outcome:
    """Report everything that speaks against the waiver, other than that its last day has passed."""
    against = [one for one in waiver.objections if one.kept is Kept.FORM]
    if not against:
        return Passed()
    return Failed(tuple(Finding(one.at, one.expected, one.found, one.remedy) for one in against))
