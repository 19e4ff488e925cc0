"""The manifest names one immutable commit of the model.

What: `revision` is a full commit id of 40 hexadecimal digits. A branch or a tag fails.
Why:  whoever can push to the model's repository can move a branch or a tag: what was reviewed and what is loaded would
      differ without a change in this project.
Fix:  write the commit that was reviewed under `revision`.

Passes: {model: BAAI/bge-m3, objective: similarity, revision: 5617a9f61b028005a4858fdac845db406aefb181}
Fails:  {model: BAAI/bge-m3, objective: similarity, revision: main}
"""

from re import fullmatch

from checker.document.errors import shown
from checker.facts.model import Facts
from checker.manifest.model import Access, ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler

SETTLED_BY = Settler.YOU
SECURITY_SEVERITY = 5.3  # whoever controls the repository can move what is loaded; our judgement on CVSS's scale
JUDGES_WEIGHTS = True


def check(entry: ModelEntry, facts: Facts, settings: RuleSettings) -> Outcome:
    """Look at the form of the pinned revision; what the commit holds is not looked at."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: the provider decides which weights answer")
    if entry.is_local:
        return NotApplicable("a local folder has no revision; the project's own version control pins it")
    revision = entry.revision
    if revision is not None and fullmatch("[0-9a-f]{40}", revision.value):
        return Passed()
    recorded = f": {facts.revision} is the one that the facts here were recorded at" if facts.revision else ""
    return Failed(
        (
            Finding(
                at=revision.at if revision else entry.model.at,
                expected="a commit of 40 hexadecimal digits under `revision`",
                found=_found(revision.value) if revision else "no revision",
                remedy=f"write the commit that was reviewed{recorded}",
            ),
        )
    )


def _found(written: str) -> str:
    if not fullmatch("[0-9a-fA-F]+", written):
        return f"`{shown(written)}`, which can be moved"
    if len(written) == 40:
        return f"`{written}`, whose letters are not small"
    return f"`{shown(written)}`, {len(written)} digits, which name no commit for certain"
