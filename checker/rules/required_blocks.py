"""The manifest has every part that the policy requires.

What: each part named under the policy's `require` is there: a block, a key, a lock that lists the model's files.
Why:  a block that is absent makes its rules not applicable; whoever must be sure that memory or use was judged asks
      for the block.
Fix:  add the part that is named.

Passes: {model: BAAI/bge-m3, objective: similarity, deployment: {context_window: 512}, settings: {blocks: [deployment]}}
Fails:  {model: BAAI/bge-m3, objective: similarity, settings: {blocks: [deployment]}}
"""

from typing import Annotated

from checker.document.scalars import OneOrMany, Word
from checker.facts.lock_state import LockState
from checker.manifest.model import Access, Manifest, ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.required import Required
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import superset

SETTLED_BY = Settler.YOU
OF_THE_MANIFEST = (Required.PROJECT, Required.STATUS, Required.USE)


class Settings(RuleSettings):
    """Options of `required-blocks`."""

    blocks: Annotated[OneOrMany[Annotated[Required, Word]], superset] = ()
    """Parts that every manifest must have; the policy's `require` adds to them."""


def check(manifest: Manifest, entry: ModelEntry, lock: LockState, settings: Settings) -> Outcome:
    """Name the required parts that are absent."""
    if not settings.blocks:
        return NotApplicable("the policy requires no part")
    absent = [block for block in settings.blocks if not _has(manifest, entry, lock, block)]
    if not absent:
        return Passed()
    return Failed(tuple(_finding(entry, lock, block) for block in absent))


def _has(manifest: Manifest, entry: ModelEntry, lock: LockState, block: Required) -> bool:
    if block is Required.LOCK:  # nothing of an API is locked, and a local folder is read itself
        is_told = lock.entry is not None and (bool(lock.entry.files) or lock.entry.is_closed)
        return is_told or entry.is_local or entry.access.value is Access.API
    if block is Required.HARDWARE:
        blocks = (manifest, entry.deployment, entry.fine_tuning)
        return any(part is not None and part.hardware is not None for part in blocks)
    return getattr(manifest if block in OF_THE_MANIFEST else entry, block) is not None


def _finding(entry: ModelEntry, lock: LockState, block: Required) -> Finding:
    if block is Required.LOCK:
        return Finding(
            at=entry.model.at,
            setting="blocks",
            expected="a model.lock beside the manifest that holds this model and its files",
            found=_without(lock),
            remedy="run `weighbridge lock` where the Hub can be reached, and commit model.lock",
        )
    return Finding(
        at=entry.model.at,
        setting="blocks",
        expected=f"`{block}`",
        found="it is absent",
        remedy=f"add `{block}`",
    )


def _without(lock: LockState) -> str:
    if lock.entry is not None:  # as `lock --offline` writes it; rules about files would judge nothing by it
        return f"{lock.file} lists no file of this model"
    return f"{lock.file} does not hold this model at this revision" if lock.file else "no model.lock"
