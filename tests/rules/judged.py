"""Judges a manifest by a policy in this process: what a rule's test needs, in two lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from checker import engine, gate
from checker.compared import judge as judge_scan
from checker.document.place import SourceFile
from checker.document.tree import Mapping, Scalar, parse
from checker.facts.catalogue import Catalogue
from checker.facts.locked.held import hold
from checker.facts.locked.lookup import Locks
from checker.gather import gather
from checker.manifest.load import load
from checker.policy.load import Choice
from checker.policy.load import load as load_policy
from checker.policy.policy import ChosenBy
from checker.since.waiver_changes import widened
from checker.verdict import Evaluation, JudgedManifest, PolicyStamp, Verdict
from checker.waivers.cover import covered
from checker.waivers.file import read_ledger
from checker.waivers.judge import Seen, judge
from checker.waivers.ledger import weigh

CATALOGUE = Catalogue()
TODAY = date(2026, 11, 23)


def judged(
    folder: Path, manifest: str, policy: str, today: date = TODAY, *, in_short: bool = False
) -> list[Evaluation]:
    """All evaluations of a manifest that lies in `folder`, by a policy beside it; `in_short` as candidates are judged."""
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    resolved = load_policy(Choice(str(folder / "policy.yaml"), ChosenBy.OPTION), None)
    return judged_by(folder, manifest, resolved, today, in_short=in_short)


def judged_by(folder: Path, manifest: str, policy, today: date = TODAY, *, in_short: bool = False) -> list[Evaluation]:
    """The same by a policy that was resolved before."""
    loaded = load(SourceFile(str(folder / "model.yaml"), manifest))
    lock = hold(folder / "model.lock", "model.lock") if (folder / "model.lock").exists() else None
    locks = Locks(lock, policy.facts) if lock or policy.facts else None
    dossiers = tuple(gather(entry, folder, folder, CATALOGUE, locks) for entry in loaded.models)
    standing = engine.as_it_stands(policy, today)._replace(proposals=not in_short, bounds=in_short)
    models = engine.check(loaded, dossiers, standing)
    return [evaluation for model in models for evaluation in model.evaluations]


WAIVER = """\
{id: W-1, rule: revision-pinned, project: bot, model: assistant, kind: migration, reason: as before,
 approver: legal@example.com, approved_on: 2026-11-01, expires: 2026-12-31}"""
UNPINNED = """\
weighbridge: 1
project: bot
owner: example
models:
  - {name: assistant, model: Qwen/Qwen2.5-7B-Instruct, revision: main, objective: chat}
"""


def judged_scan(folder: Path, rule_id: str, written: str) -> Evaluation:
    """What a rule says of the code under `code` beside the entry that the other keys are; the gravest of its verdicts."""
    root = parse(SourceFile("example", written))
    assert isinstance(root, Mapping)
    code = root.items["code"].value
    assert isinstance(code, Scalar)
    said = {key: one.value.text for key, one in root.items.items() if isinstance(one.value, Scalar)}
    entry = ", ".join(f"{key}: {text}" for key, text in said.items() if key not in ("code", "status"))
    head = "weighbridge: 1\n" + (f"status: {said['status']}\n" if "status" in said else "")
    (folder / "model.yaml").write_text(f"{head}models:\n  - {{{entry}}}\n", encoding="utf-8")
    (folder / "app.py").write_text(f"{code.text}\n", encoding="utf-8")
    own = root.items["settings"].value if "settings" in root.items else None
    stated = {key: one.value for key, one in own.items.items()} if isinstance(own, Mapping) else {}
    settings = ", ".join(("enforcement: hard-mandatory", *(f"{key}: {one.text}" for key, one in stated.items())))
    policy = folder.parent / f"{folder.name}-policy.yaml"
    policy.write_text(f"policy: example\nversion: 1\nrules:\n  {rule_id}: {{{settings}}}\n", encoding="utf-8")
    request = gate.Request((folder,), str(policy), None, TODAY, allow_empty=True)
    found = judge_scan(request).report.evaluations
    return min(found, key=lambda one: (not one.blocks, one.verdict is not Verdict.FAIL))


def judged_waiver(folder: Path, rule_id: str, written: str) -> Evaluation:
    """What a rule says of one waiver of the project `bot`, whose entry `assistant` pins no commit.

    The change that is judged found the waiver W-1 of `WAIVER` in the file.
    """
    (folder / "policy.yaml").write_text(
        "policy: example\nversion: 1\nwaivers: {from: project, approvers: [legal@example.com]}\n"
        f"rules:\n  revision-pinned: soft-mandatory\n  {rule_id}: soft-mandatory\n",
        encoding="utf-8",
    )
    policy = load_policy(Choice(str(folder / "policy.yaml"), ChosenBy.OPTION), None)
    standing = engine.as_it_stands(policy, TODAY)
    manifest = load(SourceFile("model.yaml", UNPINNED))
    dossiers = tuple(gather(entry, folder, folder, CATALOGUE) for entry in manifest.models)
    today, before = (
        weigh(read_ledger(SourceFile("waivers.yaml", f"waivers:\n- {text}\n")), policy, TODAY, {})
        for text in (written, WAIVER.replace("revision-pinned", "training-fits"))
    )
    models = covered(engine.check(manifest, dossiers, standing), "bot", today.of_project("bot"))
    stamp = PolicyStamp(policy.name, policy.version, policy.sha256, None, policy.chosen_by, policy.layers)
    seen = Seen(
        (JudgedManifest("model.yaml", "bot", "example", "", stamp, models),), True, True, widened(today, before)
    )
    [waiver] = judge(today, standing, stamp, seen).waivers
    [evaluation] = waiver.evaluations
    return evaluation
