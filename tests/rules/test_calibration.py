"""What `training-fits` and `fit` make of a run of the very plan: shown, or in the place of the estimate."""

import json
from pathlib import Path

import pytest

from checker.document.place import SourceFile
from checker.facts.calibration import NAME, Run
from checker.facts.calibration_file import with_run
from checker.facts.catalogue import Catalogue
from checker.memory.digest import of_plan
from checker.sizing.answer import Answer
from checker.sizing.entries import Sources, answer_manifest
from tests.in_process import inside

__all__ = ["inside"]

GIB = 1 << 30
MANIFEST = """\
weighbridge: 1
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    objective: chat
    fine_tuning: {method: lora, sequence_length: 2048, hardware: {gpu: RTX 4090}}
%s"""
POLICY = "policy: p\nversion: 1\nrules:\n  training-fits: {enforcement: soft-mandatory, measured_counts: %s}\n"


def answer_of(text=MANIFEST % ""):
    (found,) = answer_manifest(SourceFile("model.yaml", text), Path(), 0.1, Sources(Catalogue()))
    assert isinstance(found.result, Answer)
    return found.result


def run_of(gib=15.0, **changes):
    answer = answer_of()
    return Run(
        plan_sha256=of_plan(answer.subject.model, answer.plan),
        model=answer.subject.name,
        plan="lora",
        device="cuda",
        gpu="RTX 4090",
        gpu_bytes=24 * GIB,
        allocated_bytes=int(gib * GIB),
        reserved_bytes=int(gib * GIB) + GIB,
        device_bytes=int(gib * GIB) + GIB + GIB // 4,
        estimated_bytes=answer.estimate.allocated_bytes,
        steps=3,
        measured_on="2026-11-02",
        versions=(("torch", "2.13"),),
    )._replace(**changes)


@pytest.fixture
def project(inside, tmp_path):
    """A manifest with a calibration beside it, judged."""

    def judge(run, counts="false", more=""):
        (tmp_path / "model.yaml").write_text(MANIFEST % more)
        (tmp_path / "p.yaml").write_text(POLICY % counts)
        if run is not None:
            (tmp_path / NAME).write_text(with_run(None, run))
        found = inside("check", "model.yaml", "--policy", "p.yaml", "--json")
        (evaluation,) = json.loads(found.out)["manifests"][0]["models"][0]["evaluations"]
        return evaluation

    return judge


def test_a_run_is_shown_and_decides_nothing_by_itself(project):
    found = project(run_of(23.0))
    assert found["verdict"] == "pass"
    assert any(
        "3 steps of this plan took 23.0 GiB in tensors on RTX 4090 (2026-11-02; " in note for note in found["notes"]
    )


@pytest.mark.parametrize(("gib", "verdict"), [(15.0, "pass"), (23.0, "fail")])
def test_a_run_decides_where_the_policy_says_that_measurements_count(project, gib, verdict):
    found = project(run_of(gib), "true")
    assert found["verdict"] == verdict
    if verdict == "fail":
        assert found["findings"][0]["found"] == "measured 23.2 GiB"  # with the context that the driver showed


@pytest.mark.parametrize(
    "changes",
    [{"device": "cpu", "gpu": ""}, {"gpu": "H100 80 GB"}, {"plan_sha256": "0" * 64}],
    ids=["cpu", "gpu", "plan"],
)
def test_a_run_of_something_else_never_decides(project, changes):
    found = project(run_of(23.0, **changes), "true")
    assert found["verdict"] == "pass"
    assert not any("by measurement" in note for note in found["notes"])


def test_the_greater_of_the_manifest_s_own_figure_and_the_run_decides(project):
    stated = f"    measured: {{training_peak: 16 GiB, evidence: {NAME}}}\n"
    found = project(run_of(23.0), "true", stated)
    assert found["findings"][0]["found"] == "measured 23.2 GiB"
    assert project(run_of(10.0), "true", stated)["notes"][0] == "by measurement: 16.0 GiB"


@pytest.mark.parametrize("run", [None, run_of(15.0, gpu="L4")])
def test_a_figure_that_cites_a_file_without_such_a_run_does_not_count(project, run):
    found = project(run, "true", f"    measured: {{training_peak: 12 GiB, evidence: {NAME}}}\n")
    said = f"measured.training_peak does not count: {NAME} holds no run of this plan on this GPU"
    assert said in found["notes"]
    assert not any("by measurement" in note for note in found["notes"])


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 2, "runs": []}', '{"format": 1, "runs": [{}]}', '{"format": 1}']
)
def test_a_file_that_cannot_be_used_stops_the_check(inside, tmp_path, text):
    (tmp_path / "model.yaml").write_text(MANIFEST % "")
    (tmp_path / NAME).write_text(text)
    run = inside("check", "model.yaml")
    assert run.code == 2
    assert NAME in run.out + run.err


@pytest.mark.parametrize(
    "changes",
    [
        {"allocated_bytes": -1},
        {"allocated_bytes": True},
        {"steps": "3"},
        {"device": "tpu"},
        {"gpu": 1},
        {"versions": []},
    ],
)
def test_a_run_with_values_that_no_run_has_is_refused(inside, tmp_path, changes):
    content = json.loads(with_run(None, run_of()))
    content["runs"][0].update(changes)
    (tmp_path / "model.yaml").write_text(MANIFEST % "")
    (tmp_path / NAME).write_text(json.dumps(content))
    assert inside("check", "model.yaml").code == 2


def test_a_link_out_of_the_repository_is_refused(inside, tmp_path_factory, tmp_path):
    other = tmp_path_factory.mktemp("other") / NAME
    other.write_text(with_run(None, run_of()))
    (tmp_path / "model.yaml").write_text(MANIFEST % "")
    (tmp_path / NAME).symlink_to(other)
    run = inside("check", "model.yaml")
    assert run.code == 2
    assert "a link out of the repository" in run.out + run.err


def test_fit_decides_by_a_run_on_this_gpu_and_says_what_the_estimate_alone_says(inside, tmp_path):
    (tmp_path / "model.yaml").write_text(MANIFEST % "")
    (tmp_path / NAME).write_text(with_run(None, run_of(23.0)))
    run = inside("fit", "model.yaml")
    assert run.code == 1
    assert "does not fit: measured 23.2 GiB, at most 21.6 GiB" in run.out
    assert "by the estimate alone it needs " in run.out
    assert "; decides here\n" in run.out
    found = json.loads(inside("fit", "model.yaml", "--json").out)["answers"][0]
    assert (found["fits"], found["measured"][0]["counts"]) == ("does not fit", True)


def test_fit_shows_a_count_on_a_processor_and_decides_by_the_estimate(inside, tmp_path):
    (tmp_path / "model.yaml").write_text(MANIFEST % "")
    (tmp_path / "c.json").write_text(with_run(None, run_of(23.0, device="cpu", gpu="")))
    run = inside("fit", "model.yaml", "--calibration", "c.json")
    assert run.code == 0
    assert "counted on a processor, which says nothing of a GPU" in run.out
    assert "; shown, and decides nothing here\n" in run.out


def test_a_later_run_of_the_same_plan_takes_the_place_of_the_earlier():
    from checker.facts.calibration import Calibration

    first, other = run_of(15.0), run_of(9.0, device="cpu", gpu="")
    text = with_run(Calibration(NAME, (first, other)), run_of(16.0))
    assert sorted(run["allocated_bytes"] for run in json.loads(text)["runs"]) == [9 * GIB, 16 * GIB]
