"""A recorded waiver has not expired.

What: the last day of the waiver has not passed; it counts to the end of that day, UTC. A pass says how many days are
      left.
Why:  an exception is for a while. What it covered blocks again, and whoever answers for it should have known before.
Fix:  settle what it covered and remove it, or have it approved anew.

Passes: {id: W-1, rule: training-fits, project: bot, model: assistant, kind: migration, reason: moving to L40S,
         approver: legal@example.com, approved_on: 2026-11-01, expires: 2026-12-31}
Fails:  {id: W-1, rule: training-fits, project: bot, model: assistant, kind: migration, reason: moving to L40S,
         approver: legal@example.com, approved_on: 2026-10-01, expires: 2026-10-31}
"""

from checker.rulebook.outcome import Failed, Finding, Outcome, Passed
from checker.rulebook.settings import Settler
from checker.rulebook.waiver_case import Kept, WaiverCase

SETTLED_BY = Settler.YOU


def check(waiver: WaiverCase) -> Outcome:
    """Report the last day, where it has passed."""
    against = [one for one in waiver.objections if one.kept is Kept.DATE]
    if not against:
        return Passed(margin=f"{waiver.days_left} day{'' if waiver.days_left == 1 else 's'} left, to {waiver.expires}")
    # The last day is the offending value: the days since would make it another finding every day.
    return Failed(
        tuple(Finding(one.at, one.expected, one.found, one.remedy, value=str(waiver.expires)) for one in against)
    )
