"""The manifest has every part that the policy requires.

What: each part named under the policy's `require` is there: a block, a key, a lock.
Why:  a block that is absent makes its rules not applicable; whoever must be sure that memory or use was judged asks
      for the block.
Fix:  add the part that is named.

Passes: {model: BAAI/bge-m3, objective: similarity, deployment: {context_window: 512}, settings: {blocks: [deployment]}}
Fails:  {model: BAAI/bge-m3, objective: similarity, settings: {blocks: [deployment]}}
"""

from typing import Annotated

from checker.document.scalars import OneOrMany, Word
from checker.manifest.model import Manifest, ModelEntry
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


def check(manifest: Manifest, entry: ModelEntry, settings: Settings) -> Outcome:
    """Name the required parts that are absent."""
    if not settings.blocks:
        return NotApplicable("the policy requires no part")
    absent = [block for block in settings.blocks if not _has(manifest, entry, block)]
    if not absent:
        return Passed()
    return Failed(tuple(_finding(entry, block) for block in absent))


def _has(manifest: Manifest, entry: ModelEntry, block: Required) -> bool:
    if block is Required.LOCK:
        return False
    if block is Required.HARDWARE:
        blocks = (manifest, entry.deployment, entry.fine_tuning)
        return any(part is not None and part.hardware is not None for part in blocks)
    return getattr(manifest if block in OF_THE_MANIFEST else entry, block) is not None


def _finding(entry: ModelEntry, block: Required) -> Finding:
    lock = block is Required.LOCK
    return Finding(
        at=entry.model.at,
        setting="blocks",
        expected="a model.lock" if lock else f"`{block}`",
        found="this version of Weighbridge reads no locks" if lock else "it is absent",
        remedy="ask the policy's owners to require the lock once locks are read" if lock else f"add `{block}`",
    )
