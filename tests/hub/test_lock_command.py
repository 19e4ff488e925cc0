"""The real command writes locks that a check reads, tells drift, and never leaves half a lock behind."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker import applying
from checker.command_line import main
from checker.console import Console
from checker.licenses.notice_file import standard_text
from tests.conftest import Command, Run
from tests.hub import stub as hub_stub
from tests.hub.checking import check_without_sockets, origins, verdicts
from tests.hub.models import APACHE, as_bytes, minilm, qwen, qwen_base, qwen_files
from tests.hub.stub import Stub
from tests.in_process import forget

QWEN_ID = "Qwen/Qwen2.5-0.5B-Instruct"
MANIFEST = f"""\
weighbridge: 1
owner: support
models:
  - model: {QWEN_ID}
    objective: chat
"""
Project = Callable[..., Path]
POLICY = "policy weighbridge-enterprise 2026.11, the default\n"
"""What every answer begins with where nobody names a policy."""
COMMITS = {
    QWEN_ID: "7ae557604adf67be50417f59c2c2f167def9a775",
    "sentence-transformers/all-MiniLM-L6-v2": "8b3219a92973c328a8e22fadcfa821b5dc75636a",
}
"""Those at which the catalogue recorded them."""
RICH = f"""\
weighbridge: 1
owner: support
use: {{purpose: commercial, distribution: service, regions: [EU]}}
models:
  - model: {QWEN_ID}
    revision: {COMMITS[QWEN_ID]}
    license: apache-2.0
    objective: chat
    deployment: {{context_window: 8192, hardware: {{gpu: L4}}}}
  - model: sentence-transformers/all-MiniLM-L6-v2
    revision: {COMMITS["sentence-transformers/all-MiniLM-L6-v2"]}
    license: apache-2.0
    objective: similarity
    deployment: {{context_window: 256, hardware: {{gpu: T4}}}}
"""


@pytest.fixture
def run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command in this process, which spares most of the time that a start takes."""

    def run(*arguments: str, **environment: str) -> Run:
        out, err = io.StringIO(), io.StringIO()
        forget(applying)  # a process reads each file once, and these tests change them
        monkeypatch.chdir(tmp_path)
        console = Console(out, err, io.StringIO(), {**os.environ, **environment}, date(2026, 11, 28))
        try:
            code = main(arguments, console)
        except SystemExit as ended:  # argparse ends the process where an option cannot be used
            code = int(ended.code or 0)
        return Run(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def lock(stub: Stub, project: Project, run_here: Command) -> Command:
    """Run `lock` in a folder with one manifest, against the server."""
    project({"model.yaml": MANIFEST})
    stub.add(qwen())
    stub.add(qwen_base())
    return lambda *arguments, **environment: run_here("lock", *arguments, **{"HF_ENDPOINT": stub.url, **environment})


def held(folder: Path, name: str = "model.lock") -> dict[str, Any]:
    """The entries of a lock by model."""
    document = json.loads((folder / name).read_text(encoding="utf-8"))
    return {entry["model"]: entry for entry in document["models"]}


def test_a_lock_stands_beside_the_manifest_with_all_that_it_descends_from(
    lock: Command, weighbridge: Command, stub: Stub, tmp_path: Path
) -> None:
    run = weighbridge("lock", HF_ENDPOINT=stub.url)
    assert (run.code, run.err) == (0, "")
    assert run.out == (
        f"{POLICY}model.lock: 2 models, 1 of them as an ancestor; source: {stub.url}\n"
        f"  Qwen/Qwen2.5-0.5B  {qwen_base().commit[:12]} (new)\n"
        f"  {QWEN_ID}  {qwen().commit[:12]} (new)\n"
    )
    assert held(tmp_path)["Qwen/Qwen2.5-0.5B"]["ancestor_only"] is True
    assert len(stub.requests) == 5, "the base shares every small file with the model"


def test_what_is_locked_is_checked_without_any_socket_and_judged_as_from_the_catalogue(
    lock: Command, stub: Stub, project: Project, tmp_path: Path
) -> None:
    project({"model.yaml": RICH})
    for model in (stub.models[QWEN_ID], stub.add(minilm())):
        model.revisions[COMMITS[model.id]] = COMMITS[model.id]
    assert lock().code == 0
    locked = check_without_sockets(tmp_path)
    (tmp_path / "model.lock").unlink()
    recorded = check_without_sockets(tmp_path)
    differing = {
        key: (verdict, verdicts(locked)[key])
        for key, verdict in verdicts(recorded).items()
        if verdict != verdicts(locked)[key]
    }
    assert {rule for _, rule in differing} == {"gated-access", "lock-fresh", "remote-code", "weights-format"}
    assert set(differing.values()) == {("not-applicable", "pass")}, "only what a catalogue cannot tell differs"
    assert (locked["exit_code"], recorded["exit_code"]) == (0, 0)
    assert (origins(locked, "license-known"), origins(recorded, "license-known")) == ({"lock"}, {"catalogue"})


def test_the_libraries_of_the_network_are_loaded_only_to_ask(lock: Command, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from checker.command_line import run\n"
        "code = run(['lock', '--offline'])\n"
        "assert not {'huggingface_hub', 'httpx2', 'tqdm'} & sys.modules.keys(), sorted(sys.modules)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_a_commit_that_is_locked_stays_until_somebody_upgrades(lock: Command, stub: Stub, tmp_path: Path) -> None:
    lock()
    before = qwen().commit
    model = stub.models[QWEN_ID]
    model.files = qwen_files() | {"generation_config.json": b"{}"}
    model.revisions[before] = before
    assert lock().code == 0
    assert held(tmp_path)[QWEN_ID]["commit"] == before
    run = lock("--upgrade", QWEN_ID)
    assert held(tmp_path)[QWEN_ID]["commit"] == model.commit != before
    assert f"  {QWEN_ID}  {model.commit[:12]} (was {before[:12]})\n" in run.out


def test_a_model_that_no_manifest_names_cannot_be_upgraded(lock: Command) -> None:
    run = lock("--upgrade", "Qwen/Qwen2.5-0.5B-Instrukt")
    assert run.code == 2
    assert run.err == (
        "lock: error: no manifest names Qwen/Qwen2.5-0.5B-Instrukt: expected a model of a manifest; "
        f"did you mean `{QWEN_ID}`?\n"
    )


def test_drift_is_told_and_nothing_is_written(lock: Command, stub: Stub, tmp_path: Path) -> None:
    lock()
    before = (tmp_path / "model.lock").read_bytes()
    unmoved = lock("--check")
    assert (unmoved.code, unmoved.out) == (0, f"{POLICY}model.lock: no drift\n")
    model = stub.models[QWEN_ID]
    old = model.commit
    model.files["LICENSE"] = b"Another License\n"
    model.record["gated"] = "manual"
    run = lock("--check")
    assert run.code == 1
    assert run.out == (
        f"{POLICY}model.lock: high: {QWEN_ID}: license-changed: the text of LICENSE changed\n"
        f"model.lock: medium: {QWEN_ID}: gated-now: it is gated today (manual), and was not\n"
        f"model.lock: low: {QWEN_ID}: commit-moved: the default branch moved from {old[:12]} to {model.commit[:12]}; "
        "files changed (1 changed)\n"
        "model.lock: 3 drifts\n"
    )
    assert (tmp_path / "model.lock").read_bytes() == before


def test_a_tag_whose_files_changed_and_a_model_that_is_gone_are_drift(
    lock: Command, stub: Stub, project: Project
) -> None:
    project({"model.yaml": MANIFEST.replace(QWEN_ID, f"{QWEN_ID}\n    revision: v1")})
    model = stub.models[QWEN_ID]
    model.revisions["v1"] = "1" * 40
    assert lock().code == 0
    model.revisions["v1"] = "2" * 40
    model.files["config.json"] = as_bytes({"model_type": "qwen2"})
    refs = {"branches": [], "converts": [], "tags": [{"name": "v1", "ref": "refs/tags/v1", "targetCommit": "2" * 40}]}
    stub.instead(f"/api/models/{QWEN_ID}/refs", hub_stub.content(as_bytes(refs)))
    del stub.models["Qwen/Qwen2.5-0.5B"]
    result = json.loads(lock("--check", "--json").out)
    kinds = [(one["model"], one["kind"], one["severity"]) for one in result["locks"][0]["drift"]]
    assert (QWEN_ID, "files-changed", "high") in kinds
    assert ("Qwen/Qwen2.5-0.5B", "model-gone", "high") in kinds
    assert result["exit_code"] == 1


def test_that_nobody_can_tell_a_tag_from_a_branch_hides_no_drift(lock: Command, stub: Stub, project: Project) -> None:
    project({"model.yaml": MANIFEST.replace(QWEN_ID, f"{QWEN_ID}\n    revision: v1")})
    stub.models[QWEN_ID].revisions["v1"] = "1" * 40
    lock()
    stub.models[QWEN_ID].revisions["v1"] = "2" * 40
    stub.instead(f"/api/models/{QWEN_ID}/refs", hub_stub.refused("", "out of order", 500))
    run = lock("--check")
    assert (run.code, run.out) == (
        1,
        f"{POLICY}model.lock: low: {QWEN_ID}@v1: commit-moved: v1 moved from 111111111111 to 222222222222\n"
        "model.lock: 1 drift; of 1 model nobody knows\n",
    )


def test_a_licence_that_changed_behind_a_pin_is_told(lock: Command, stub: Stub, project: Project) -> None:
    pinned = qwen().commit
    project({"model.yaml": MANIFEST.replace(QWEN_ID, f"{QWEN_ID}\n    revision: {pinned}")})
    assert lock().code == 0
    model = stub.models[QWEN_ID]
    model.revisions[pinned] = pinned
    head = model.answer("main") | {"sha": "9" * 40, "cardData": {"license": "other"}}
    stub.instead(f"/api/models/{QWEN_ID}/revision/main", hub_stub.content(as_bytes(head)))
    run = lock("--check")
    assert run.code == 1
    assert (
        f"medium: {QWEN_ID}@{pinned}: license-changed-later: "
        "at the default branch the card says `other`; the pinned commit keeps `apache-2.0`\n"
    ) in run.out


def test_nobody_knows_of_drift_where_nobody_answers(lock: Command, stub: Stub) -> None:
    lock()
    stub.instead("/api/models/", hub_stub.refused("", "out of order", 500))
    run = lock("--check")
    assert run.code == 3
    assert run.out == f"{POLICY}model.lock: no drift; of 2 models nobody knows\n"
    assert f"error: {QWEN_ID} cannot be resolved: {stub.url} answers 500; try again later\n" in run.err


def test_a_model_that_fails_keeps_its_entry_and_the_others_are_resolved(
    lock: Command, stub: Stub, project: Project, tmp_path: Path
) -> None:
    lock()
    before = held(tmp_path)
    project({"model.yaml": MANIFEST + f"  - model: {minilm().id}\n    objective: similarity\n"})
    stub.add(minilm())
    stub.instead(f"/api/models/{QWEN_ID}", hub_stub.BUSY)
    run = lock()
    after = held(tmp_path)
    assert run.code == 3
    assert run.err == (
        f"error: {QWEN_ID} cannot be resolved: {stub.url} answers 503; try again later\n"
        "model.lock holds what could be resolved; of the others it keeps what it held\n"
    )
    assert after[QWEN_ID] == before[QWEN_ID]
    assert minilm().id in after


def test_where_nothing_can_be_resolved_no_lock_is_made(lock: Command, stub: Stub, tmp_path: Path) -> None:
    stub.instead("/", hub_stub.page)
    run = lock()
    assert (run.code, (tmp_path / "model.lock").exists()) == (3, False)
    assert run.err.splitlines()[-1] == "model.lock was not written"


def test_a_name_that_no_model_can_have_is_bad_input(lock: Command, stub: Stub, project: Project) -> None:
    project({"model.yaml": MANIFEST.replace(QWEN_ID, "acme--small/x")})
    run = lock()
    assert (run.code, stub.requests) == (2, [])


def test_a_gated_model_without_a_token_is_left_to_the_catalogue_and_that_is_said(
    run_here: Command, project: Project, stub: Stub, tmp_path: Path
) -> None:
    llama = "meta-llama/Llama-3.1-8B-Instruct"
    project({"model.yaml": MANIFEST.replace(QWEN_ID, llama)})
    stub.add(qwen(llama, gated="manual", tags=["license:llama3.1"])).card = {"license": "llama3.1"}
    stub.instead(f"/{llama}/resolve/", hub_stub.GATED)
    run = run_here("lock", HF_ENDPOINT=stub.url)
    assert (run.code, run.err) == (0, "")
    notes = held(tmp_path)[llama]["notes"]
    assert notes[0].endswith("no file of it was read, only its record and the names of files")
    assert notes[1].startswith("a check takes the rest from the catalogue (at ")


def test_a_gated_model_without_a_token_is_left_to_the_organisation_s_facts(
    run_here: Command, project: Project, stub: Stub, tmp_path: Path
) -> None:
    project(
        {
            "model.yaml": MANIFEST.replace(QWEN_ID, "acme/secret"),
            "policy.yaml": "policy: acme\nversion: 1\nextends: [weighbridge:enterprise]\nfacts: approved.lock\n",
        }
    )
    stub.add(qwen("acme/secret", gated="auto", tags=None)).card = {"license": "apache-2.0"}
    approved = run_here("lock", "--for-organisation", "acme/secret", "-o", "approved.lock", HF_ENDPOINT=stub.url)
    assert approved.code == 0
    stub.instead("/acme/secret/resolve/", hub_stub.GATED)
    run = run_here("lock", "--policy", "policy.yaml", HF_ENDPOINT=stub.url)
    assert run.code == 0
    notes = held(tmp_path)["acme/secret"]["notes"]
    assert notes[1] == "a check takes the rest from the organisation's facts (approved.lock, at this commit)"


def test_a_gated_model_that_nobody_knows_is_a_failure(
    run_here: Command, project: Project, stub: Stub, tmp_path: Path
) -> None:
    project({"model.yaml": MANIFEST.replace(QWEN_ID, "acme/secret")})
    stub.add(qwen("acme/secret", gated="auto", tags=None)).card = {"license": "mit"}
    stub.instead("/acme/secret/resolve/", hub_stub.GATED)
    run = run_here("lock", HF_ENDPOINT=stub.url)
    assert run.code == 3
    assert run.err.startswith(
        f"error: config.json of acme/secret is gated, and no token is set; accept its terms at {stub.url}/acme/secret"
    )
    assert held(tmp_path)["acme/secret"]["facts"]["license"]["value"] == "mit", "what the record says is kept"


def test_a_token_is_sent_unless_a_fork_asks(lock: Command, stub: Stub, tmp_path: Path) -> None:
    lock(HF_TOKEN="hf_ours")
    assert {request.headers.get("authorization") for request in stub.requests} == {"Bearer hf_ours"}
    stub.requests.clear()
    event = {"pull_request": {"head": {"repo": {"full_name": "x/y"}}, "base": {"repo": {"full_name": "a/y"}}}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    run = lock(HF_TOKEN="hf_ours", GITHUB_EVENT_NAME="pull_request", GITHUB_EVENT_PATH="event.json")
    assert {request.headers.get("authorization") for request in stub.requests} == {None}
    assert run.err == "note: no token is sent: a pull request of a fork (GITHUB_EVENT_PATH)\n"


def test_a_token_is_written_nowhere(lock: Command, stub: Stub, tmp_path: Path) -> None:
    run = lock("--json", HF_TOKEN="hf_ours")
    assert "hf_ours" not in run.out + run.err + (tmp_path / "model.lock").read_text(encoding="utf-8")


def test_a_lock_that_a_merge_has_broken_is_made_anew_and_that_is_said(
    lock: Command, stub: Stub, tmp_path: Path
) -> None:
    lock()
    path = tmp_path / "model.lock"
    path.write_text(path.read_text(encoding="utf-8").replace("apache-2.0", "mit"), encoding="utf-8")
    assert lock("--check").code == 2
    run = lock()
    assert (run.code, lock("--check").code) == (0, 0)
    assert run.err == (
        "note: the digest does not fit the content: the lock was edited or merged by hand: model.lock is made anew\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"name":"x","lockfileVersion":3}', "it is no lock of Weighbridge, and is not replaced"),
        ("Read me\n=======\n", "it is no lock of Weighbridge, and is not replaced"),
        ("weighbridge: 1\nmodels: []\n", "it is no lock of Weighbridge, and is not replaced"),
        ('{"weighbridge_lock": 2, "sha256": "", "models": []}', "the lock has format 2: a newer weighbridge is needed"),
        ("\0", "a NUL character"),
    ],
)
@pytest.mark.parametrize("asked", [("--offline",), ("--offline", "--for-organisation", QWEN_ID, "-o", "model.lock")])
def test_what_is_no_lock_of_this_version_is_left_as_it_is(
    lock: Command, tmp_path: Path, text: str, said: str, asked: tuple[str, ...]
) -> None:
    (tmp_path / "model.lock").write_text(text, encoding="utf-8")
    run = lock(*asked)
    assert (run.code, said in run.err) == (2, True), run.err
    assert (tmp_path / "model.lock").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("text", ["", "\n", '{"weighbridge_lock": 1,', "<<<<<<< ours\n{}"])
def test_what_may_have_been_a_lock_is_made_anew(lock: Command, tmp_path: Path, text: str) -> None:
    (tmp_path / "model.lock").write_text(text, encoding="utf-8")
    run = lock("--offline")
    assert (run.code, "model.lock is made anew" in run.err) == (0, True), run.err


def test_a_project_without_a_model_of_the_hub_has_nothing_to_lock(lock: Command, stub: Stub, project: Project) -> None:
    project({"model.yaml": "weighbridge: 1\nmodels:\n  - {model: ./own, objective: chat}\n"})
    run = lock()
    assert (run.code, stub.requests) == (0, [])
    assert run.out == f"{POLICY}model.lock: no manifest beside it names a model of the Hub: nothing to lock\n"


def test_offline_the_catalogue_alone_is_asked(lock: Command, stub: Stub, tmp_path: Path) -> None:
    run = lock("--offline")
    entry = held(tmp_path)[QWEN_ID]
    assert (run.code, stub.requests, entry["resolved_from"]) == (0, [], "catalogue")
    assert entry["facts"]["license"]["source"].startswith("catalogue: ")


def test_offline_a_model_that_the_catalogue_lacks_is_a_failure_with_the_nearest_name(
    lock: Command, project: Project
) -> None:
    project({"model.yaml": MANIFEST.replace(QWEN_ID, "Qwen/Qwen2.5-0.5B-Instrukt")})
    run = lock("--offline")
    assert run.code == 3
    assert run.err.startswith(f"error: Qwen/Qwen2.5-0.5B-Instrukt is not in the catalogue; did you mean {QWEN_ID}?\n")


def test_offline_another_commit_than_the_catalogue_s_is_said(lock: Command, project: Project, tmp_path: Path) -> None:
    project({"model.yaml": MANIFEST.replace(QWEN_ID, f"{QWEN_ID}\n    revision: {'9' * 40}")})
    assert lock("--offline").code == 0
    assert held(tmp_path)[QWEN_ID]["notes"][1] == (
        f"recorded at {COMMITS[QWEN_ID]}, not at {'9' * 40}: identity, architecture and sizes are taken to hold"
    )


def test_on_a_terminal_a_bar_shows_how_far_it_has_come(
    lock: Command, stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    lock()
    shown = Terminal()
    console = Console(io.StringIO(), shown, io.StringIO(), {**os.environ, "HF_ENDPOINT": stub.url}, date(2026, 11, 28))
    assert main(["lock"], console) == 0
    assert "model.lock:" in shown.getvalue()
    assert "2/2" in shown.getvalue()
    folder = tmp_path / "downloaded"
    folder.mkdir()
    for name, content in qwen_files().items():
        (folder / name).write_bytes(content)
    assert main(["lock", "--from-dir", "downloaded", "--hash"], console) == 0
    assert "model.safetensors" in shown.getvalue()


def test_a_folder_that_cannot_be_read_is_a_failure_of_that_model_alone(
    lock: Command, project: Project, stub: Stub, tmp_path: Path
) -> None:
    project({"model.yaml": MANIFEST + f"  - model: {minilm().id}\n    objective: similarity\n"})
    stub.add(minilm())
    run = lock("--from-dir", f"{QWEN_ID}=nowhere")
    assert run.code == 3
    assert run.err.splitlines()[0] == (
        f"error: {QWEN_ID} cannot be read from this machine: nowhere: there is no such folder; "
        "expected a folder with a model"
    )
    assert list(held(tmp_path)) == [minilm().id]


def test_whose_files_a_folder_holds_must_be_said_where_there_are_several_models(
    lock: Command, project: Project
) -> None:
    project({"model.yaml": MANIFEST + f"  - model: {minilm().id}\n    objective: similarity\n"})
    run = lock("--from-dir", "downloaded")
    assert run.code == 2
    assert run.err == (
        "lock: error: --from-dir downloaded does not say whose files these are: "
        f"expected MODEL=downloaded, where MODEL is one of {QWEN_ID}, {minilm().id}\n"
    )


def test_offline_mode_of_the_hub_s_client_is_heeded(lock: Command, stub: Stub) -> None:
    run = lock(HF_HUB_OFFLINE="1")
    assert (run.code, stub.requests) == (3, [])
    assert run.err.startswith(f"error: {QWEN_ID} was not asked for: HF_HUB_OFFLINE is set; unset it, or use")


def test_a_folder_stands_in_for_the_hub(lock: Command, stub: Stub, project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "downloaded"
    folder.mkdir()
    for name, content in qwen_files().items():
        (folder / name).write_bytes(content)
    run = lock("--from-dir", "downloaded", "--hash")
    entry = held(tmp_path)[QWEN_ID]
    assert (run.code, entry["resolved_from"]) == (0, "folder")
    weights = next(file for file in entry["files"] if file["path"] == "model.safetensors")
    assert len(weights["sha256"]) == 64
    assert stub.paths()[0].startswith("/api/models/Qwen/Qwen2.5-0.5B/"), "only the base was asked for"


def test_a_licence_file_is_known_by_its_text_and_compared_with_the_card(
    lock: Command, stub: Stub, run_here: Command, tmp_path: Path
) -> None:
    text = standard_text("MIT") or ""
    stub.models[QWEN_ID].files["LICENSE"] = text.encode()
    (tmp_path / "downloaded").mkdir()
    for name, content in stub.models[QWEN_ID].files.items():
        (tmp_path / "downloaded" / name).write_bytes(content)
    for source in ((), ("--from-dir", "downloaded")):
        assert lock(*source).code == 0
        assert held(tmp_path)[QWEN_ID]["facts"]["license_files"]["value"][0]["license"] == "MIT"
        [told] = [one for one in evaluations(run_here("check", "--json").out) if one["rule"] == "license-declared"]
        assert (told["verdict"], told["findings"][0]["found"]) == ("fail", "MIT by the file LICENSE")
        assert told["findings"][0]["detail"] == [
            "the card: Apache-2.0",
            *(["the Hub's tag: Apache-2.0"] if not source else []),
            "the file LICENSE: MIT",
        ]


def evaluations(report: str) -> list[dict[str, Any]]:
    """What was judged of the first model."""
    judged: list[dict[str, Any]] = json.loads(report)["manifests"][0]["models"][0]["evaluations"]
    return judged


def test_the_local_cache_stands_in_for_the_hub(lock: Command, stub: Stub, tmp_path: Path) -> None:
    commit = "c" * 40
    repository = tmp_path / "hub" / "models--Qwen--Qwen2.5-0.5B-Instruct"
    snapshot = repository / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit, encoding="utf-8")
    for name, content in qwen_files().items():
        (snapshot / name).write_bytes(content)
    run = lock("--from-cache", HF_HUB_CACHE=str(tmp_path / "hub"))
    assert (run.code, held(tmp_path)[QWEN_ID]["commit"], stub.requests) == (0, commit, [])
    assert "note: the cache" in run.err, "the base is not in it"
    missing = lock("--from-cache", HF_HUB_CACHE=str(tmp_path / "nowhere"))
    assert missing.code == 3


def test_an_organisation_s_lock_holds_the_models_that_are_named(lock: Command, stub: Stub, tmp_path: Path) -> None:
    stub.models[QWEN_ID].revisions["v1"] = "1" * 40
    run = lock("--for-organisation", f"{QWEN_ID}@v1", "-o", "approved.lock")
    assert run.code == 0
    entries = held(tmp_path, "approved.lock")
    assert (entries[QWEN_ID]["revision"], entries[QWEN_ID]["commit"]) == ("v1", "1" * 40)
    assert not (tmp_path / "model.lock").exists()


def test_an_organisation_s_lock_keeps_what_could_not_be_resolved_again(
    lock: Command, stub: Stub, tmp_path: Path
) -> None:
    stub.add(minilm())
    asked = ("--for-organisation", QWEN_ID, minilm().id, "-o", "approved.lock")
    assert lock(*asked).code == 0
    before = held(tmp_path, "approved.lock")
    stub.instead(f"/api/models/{minilm().id}", hub_stub.refused("", "No", 500))
    run = lock(*asked)
    assert (run.code, "of the others it keeps what it held" in run.err) == (3, True)
    assert held(tmp_path, "approved.lock")[minilm().id] == before[minilm().id]
    (tmp_path / "approved.lock").write_text("<<<<<<< ours", encoding="utf-8")
    anew = lock("--for-organisation", QWEN_ID, "-o", "approved.lock")
    assert (anew.code, "approved.lock is made anew" in anew.err) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--for-organisation", "a/b@", "-o", "x"), "a/b@ names no revision behind its `@`"),
        (("--for-organisation", "a/b"), "--for-organisation and --output go together"),
        (("--output", "x.lock"), "--for-organisation and --output go together"),
        (("--for-organisation", "a/b", "-o", "x", "--check"), "--for-organisation reads no manifest"),
        (("--check", "--offline"), "--check asks the Hub and writes nothing"),
        (("--hash",), "--hash reads local weights"),
        (("--from-dir", "a/b=x"), "no manifest names a/b"),
    ],
)
def test_options_that_contradict_each_other_are_bad_usage(
    lock: Command, stub: Stub, arguments: tuple[str, ...], sentence: str
) -> None:
    run = lock(*arguments)
    assert (run.code, stub.requests) == (2, [])
    assert run.err.startswith(f"lock: error: {sentence}: expected ")


@pytest.mark.parametrize("arguments", [("--jobs", "0"), ("--jobs", "many"), ("--timeout", "0"), ("--timeout", "soon")])
def test_an_option_out_of_range_is_bad_usage(lock: Command, arguments: tuple[str, ...]) -> None:
    assert lock(*arguments).code == 2


def test_a_folder_without_a_manifest_is_no_input(run_here: Command) -> None:
    run = run_here("lock")
    assert run.code == 2
    assert run.err.startswith("no-input: error: no manifest was found in .: expected a model.yaml")


def test_models_of_a_service_and_of_this_repository_are_not_looked_up(
    lock: Command, stub: Stub, project: Project, tmp_path: Path
) -> None:
    project(
        {
            "model.yaml": "weighbridge: 1\nmodels:\n"
            "  - {model: gpt-oss-service, objective: chat, access: api, provider: gateway}\n"
            f"  - {{model: ./own, objective: chat, derived_from: [{QWEN_ID}]}}\n"
        }
    )
    assert lock().code == 0
    entry = held(tmp_path)[QWEN_ID]
    assert entry["ancestor_only"] is True
    assert not any("gpt-oss" in path for path in stub.paths())


def test_an_interruption_leaves_the_lock_as_it_was(lock: Command, stub: Stub, tmp_path: Path) -> None:
    lock()
    before = (tmp_path / "model.lock").read_bytes()
    stub.requests.clear()
    stub.instead(f"/api/models/{QWEN_ID}", hub_stub.silent)
    # Where the suite itself runs in a shell's background, the signal is ignored, and a child inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    running = subprocess.Popen(
        [sys.executable, "-m", "checker", "lock"],
        cwd=tmp_path,
        env={**os.environ, "HF_ENDPOINT": stub.url},
        stderr=subprocess.PIPE,
        encoding="utf-8",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    deadline = time.monotonic() + 30
    while not stub.requests and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))
    _, said = running.communicate(timeout=30)
    assert (running.returncode, said) == (130, "interrupted: every lock is as it was\n")
    assert (tmp_path / "model.lock").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.lock", "model.yaml"]


def test_what_the_server_says_cannot_reach_the_terminal_as_control_codes(lock: Command, stub: Stub) -> None:
    stub.models[QWEN_ID].card = {"license": "apache-2.0", "base_model": "\x1b[2J/evil"}
    run = lock()
    assert "\x1b" not in run.out + run.err
    assert "\\x1b[2J/evil" in run.err


def test_the_licence_text_is_kept_once(lock: Command, tmp_path: Path) -> None:
    lock()
    document = json.loads((tmp_path / "model.lock").read_text(encoding="utf-8"))
    assert list(document["texts"].values()) == [APACHE.decode().split("\n")]
