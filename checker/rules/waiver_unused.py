"""A recorded waiver covers something.

What: at least one finding of the run needs the waiver. It is judged where what the waiver is about was judged: its
      model, or the whole repository of its project.
Why:  an exception that nothing needs any more would cover, unseen, the next finding that fits it.
Fix:  remove it: `weighbridge waiver prune` does.

Passes: {id: W-1, rule: revision-pinned, project: bot, model: assistant, kind: migration, reason: pinned by May,
         approver: legal@example.com, approved_on: 2026-11-01, expires: 2026-12-31}
Fails:  {id: W-1, rule: context-window, project: bot, model: assistant, kind: migration, reason: pinned by May,
         approver: legal@example.com, approved_on: 2026-11-01, expires: 2026-12-31}
"""

from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import Settler
from checker.rulebook.waiver_case import Use, WaiverCase

SETTLED_BY = Settler.YOU


def check(waiver: WaiverCase) -> Outcome:
    """Report a waiver that counts and covers nothing."""
    if waiver.objections:
        return NotApplicable("the waiver does not count")
    if waiver.use is Use.UNSEEN:
        return NotApplicable("not all that the waiver may be about was judged in this run")
    if waiver.use is Use.MATCHED:
        return Passed(margin=f"covers {waiver.matches} finding{'' if waiver.matches == 1 else 's'}")
    return Failed(
        (
            Finding(
                at=waiver.at,
                expected="a finding that needs it",
                found="it covers nothing",
                remedy="remove it, or mend its rule, project, model or revision if it was meant for something",
            ),
        )
    )
