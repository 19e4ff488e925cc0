"""The manifest names one immutable commit of the model.

What: `revision` is a full commit id of 40 hexadecimal digits; or it is absent, and model.lock holds the commit and a
      digest of each file of weights. A branch or a tag in the manifest fails.
Why:  whoever can push to the model's repository can move a branch or a tag: what was reviewed and what is loaded would
      differ without a change in this project.
Fix:  write the commit that was reviewed under `revision`, or leave it out and run `weighbridge lock`.

Passes:
  {model: BAAI/bge-m3, objective: similarity, revision: 5617a9f61b028005a4858fdac845db406aefb181}
  {model: BAAI/bge-m3, objective: similarity, lock: {files: [{path: model.safetensors, size: 2271064456,
   sha256: "993b2248881724788dcab8c644a91dfd63584b6e5604ff2037cb5541e1e38e7e"}]}}
Fails:  {model: BAAI/bge-m3, objective: similarity, revision: main}
"""

from __future__ import annotations

from re import fullmatch
from typing import TYPE_CHECKING

from checker.document.errors import shown
from checker.facts.lock_state import LockState
from checker.facts.model import Facts
from checker.manifest.model import Access, ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler

if TYPE_CHECKING:
    from checker.facts.locked.entry import LockedFile, LockEntry

SETTLED_BY = Settler.YOU
SECURITY_SEVERITY = 5.3  # whoever controls the repository can move what is loaded; our judgement on CVSS's scale
JUDGES_WEIGHTS = True


def check(entry: ModelEntry, facts: Facts, lock: LockState, settings: RuleSettings) -> Outcome:
    """Look at the form of the pinned revision; what the commit holds is not looked at."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: the provider decides which weights answer")
    if entry.is_local:
        return NotApplicable("a local folder has no revision; the project's own version control pins it")
    revision = entry.revision
    if revision is not None and fullmatch("[0-9a-f]{40}", revision.value):
        return Passed()
    if revision is None and lock.entry is not None:
        return _locked(entry, lock.entry, lock.file)
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


def _locked(entry: ModelEntry, locked: LockEntry, file: str | None) -> Outcome:
    """Whether the lock stands in for a revision: it names the commit, and each file of weights by its digest."""
    weights = _weights(locked)
    open_ones = [one.path for one in weights if one.sha256 is None and one.blob is None]
    if locked.commit and has_digests(locked):
        return Passed(margin=f"{file} holds {locked.commit} with digests of {len(weights)} files of weights")
    if not locked.commit:
        found = f"no revision, and {file} holds no commit of it"
    elif weights:
        found = f"no revision, and {file} holds no digest of {shown(', '.join(open_ones))}"
    else:
        found = f"no revision, and {file} lists no file of weights"
    remedy = f"write {f'`revision: {locked.commit}`' if locked.commit else 'the commit'} or run `weighbridge lock`"
    expected = "a commit under `revision`, or one in the lock with digests"
    return Failed((Finding(at=entry.model.at, expected=expected, found=found, remedy=remedy),))


def has_digests(locked: LockEntry) -> bool:
    """Whether the lock holds a digest of every file of weights, and there are any."""
    weights = _weights(locked)
    return bool(weights) and all(one.sha256 is not None or one.blob is not None for one in weights)


def _weights(locked: LockEntry) -> list[LockedFile]:
    return [one for one in locked.files if one.path.casefold().endswith(_WEIGHTS)]


_WEIGHTS = (".safetensors", ".gguf", ".onnx", ".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".npz")


def _found(written: str) -> str:
    if not fullmatch("[0-9a-fA-F]+", written):
        return f"`{shown(written)}`, which can be moved"
    if len(written) == 40:
        return f"`{written}`, whose letters are not small"
    return f"`{shown(written)}`, {len(written)} digits, which name no commit for certain"
