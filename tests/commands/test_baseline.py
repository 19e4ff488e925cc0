"""`weighbridge baseline`: what it prints, and the code it ends with."""

from __future__ import annotations

import json

import pytest

from tests.baseline import files
from tests.in_process import inside

__all__ = ["inside"]

MANIFEST = f"""\
weighbridge: 1
owner: me
models:
  - model: {files.MODEL}
    revision: {files.REVISION}
    objective: chat
    fine_tuning: {{method: lora, sequence_length: 2048, hardware: {{gpu: L40S}}}}
  - {{name: plain, model: {files.MODEL}, objective: chat}}
"""


@pytest.fixture
def written(tmp_path):
    def write(**contents):
        for name, content in contents.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(content))

    return write


def test_results_are_shown_as_a_table(inside, written):
    written(b=files.newer({"arc": 0.5}))
    ran = inside("baseline", "show", "b.json")
    assert (ran.code, ran.out.splitlines()[2:]) == (
        0,
        [
            f"model: {files.MODEL} at {files.REVISION}",
            "made on: 2026-10-03",
            "",
            "  task  version  shots  questions  metric  score  standard error",
            "  arc   1        5      1000       acc     0.5    0.01582",
        ],
    )


def test_an_impossible_value_is_shown_as_one_and_ends_with_1(inside, written):
    content = files.newer({"arc": 0.5})
    content["results"]["arc"]["acc,none"] = 1.5
    written(b=content)
    ran = inside("baseline", "show", "b.json", "--json")
    shown = json.loads(ran.out)
    assert (ran.code, shown["doubts"][0]["certain"], shown["tasks"][0]["scores"][0]["value"]) == (1, True, 1.5)
    assert "impossible: arc: acc is 1.5" in inside("baseline", "show", "b.json").out
    refused = inside("baseline", "compare", "b.json", "b.json")
    assert (refused.code, "the file contradicts itself: arc: acc is 1.5" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("after", "code", "words"),
    [
        ({"arc": 0.6}, 0, "1 gained"),
        ({"arc": 0.51}, 0, "1 within noise"),
        ({"arc": 0.4}, 1, "1 lost"),
        ({"hs": 0.4}, 3, "nothing could be compared"),
        ({"arc": 0.5, "hs": 0.4}, 3, "not compared: hs: only the file after has it"),
    ],
)
def test_a_comparison_ends_with_the_code_of_its_answer(inside, written, after, code, words):
    written(a=files.newer({"arc": 0.5}), b=files.newer(after, model="./tuned"))
    ran = inside("baseline", "compare", "a.json", "b.json")
    assert (ran.code, words in ran.out) == (code, True), ran.out


def test_names_from_a_file_are_made_safe_for_each_medium(inside, written):
    hostile = "a|b<script>\x1b[31m @you"
    written(a=files.newer({hostile: 0.5}), b=files.newer({hostile: 0.6}, model="./x"))
    text = inside("baseline", "compare", "a.json", "b.json").out
    page = inside("baseline", "compare", "a.json", "b.json", "--output", "markdown").out
    assert ("\x1b" in text + page, "<script>" in page) == (False, False)
    assert json.loads(inside("baseline", "compare", "a.json", "b.json", "--json").out)["compared"][0]["task"] == hostile


def test_many_comparisons_are_said_to_be_many(inside, written):
    written(a=files.newer({"a": 0.5, "b": 0.5}), b=files.newer({"a": 0.546, "b": 0.5}, model="./x"))
    ran = inside("baseline", "compare", "a.json", "b.json")
    assert "2 comparisons: at 5 % about 0.1 would differ by chance alone" in ran.out
    assert "not beyond noise for all comparisons together (Holm 1979): acc of a" in ran.out


def test_the_command_of_a_manifest_is_printed_with_its_sources(inside, tmp_path):
    (tmp_path / "model.yaml").write_text(MANIFEST)
    ran = inside("baseline", "plan")
    assert ran.code == 0
    assert f"pretrained={files.MODEL},revision={files.REVISION},dtype=auto" in ran.out
    assert "--model_args: EleutherAI/lm-evaluation-harness, lm_eval/models/huggingface.py" in ran.out
    [found] = json.loads(inside("baseline", "plan", "--json").out)
    assert (found["harness"], found["fits"], len(found["commands"])) == ("lm-evaluation-harness", True, 1)
    assert "```sh\nlm_eval " in inside("baseline", "plan", "--output", "markdown").out


def test_a_plan_says_what_has_to_be_stated_first(inside, tmp_path):
    (tmp_path / "model.yaml").write_text(MANIFEST)
    ran = inside("baseline", "plan", "--entry", "plain")
    assert (ran.code, "unknown: no commit is pinned" in ran.out) == (3, True)
    ran = inside("baseline", "plan", "--entry", "plan")
    assert (ran.code, "did you mean `plain`?" in ran.err) == (2, True)


def test_a_plan_of_a_manifest_without_fine_tuning_is_refused(inside, tmp_path):
    (tmp_path / "model.yaml").write_text(
        f"weighbridge: 1\nowner: me\nmodels: [{{model: {files.MODEL}, objective: chat}}]\n"
    )
    ran = inside("baseline", "plan")
    assert (ran.code, "no model of the manifest is fine-tuned" in ran.err) == (2, True)


def test_weights_beyond_the_hardware_end_with_1(inside, tmp_path):
    (tmp_path / "model.yaml").write_text(MANIFEST.replace("gpu: L40S", "vram: 8 GiB"))
    assert inside("baseline", "plan").code == 1
