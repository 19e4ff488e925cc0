"""`weighbridge init` in conversation: what it says, and how answers, help and going back are taken."""

from __future__ import annotations

import io
from datetime import date

import pytest

from checker import hardware
from checker.command_line import main
from checker.console import Console
from checker.hardware import Cause, Device, Machine, System, Trouble, Vendor
from checker.memory.units import GIB
from tests.in_process import Terminal
from tests.repository import TODAY

NONE = Machine((), (), System(16 * GIB, 16 * GIB))
STEPS = ["chat", "none", "none", "8k", "", "L4", "edge", "commercial", "service", ""]
"""Answers to every question up to the choice of a model."""


@pytest.fixture
def talk(few, inside, monkeypatch):
    """Answer the questions with these lines, on a machine without a GPU."""
    monkeypatch.setattr(hardware, "detect", lambda: NONE)

    def run(*lines, options=(), **environment):
        return inside("init", *options, stdin="".join(f"{line}\n" for line in lines), **environment)

    return run


def changed(**by_number: str) -> list[str]:
    """The usual answers, some of them others: `n5="L40S"`."""
    lines = list(STEPS)
    for number, line in by_number.items():
        lines[int(number[1:])] = line
    return lines


def test_a_number_a_word_and_enter_are_answers(talk, tmp_path):
    run = talk(*changed(n0="1", n6="2"), "Qwen2.5-7B-Instruct")
    assert run.code == 0
    assert "    objective: chat\n    size_class: general\n" in run.out
    assert (tmp_path / "model.yaml").read_text() == run.out


def test_each_question_says_why_it_matters_and_what_each_answer_means(talk):
    err = talk(*changed(n6="general"), "", COLUMNS="400").err
    assert err.count("\n  Why: ") == 10
    assert "\n   1 chat: conversational agent, tool calling, thinking: decoder, such as Llama-3.1-8B-Instruct;" in err
    headings = [line for line in err.splitlines() if line.startswith("Step ")]
    assert headings == [
        "Step 1 of 5: identify the task category",
        "Step 2 of 5: audit the hardware",
        "Step 3 of 5: select the scale",
        "Step 4 of 5: verify the licence",
        "Step 5 of 5: test the baseline before fine-tuning",
    ]


def test_a_wrong_answer_is_asked_again_with_the_nearest(talk):
    run = talk("chatt", *changed(n6="general"), "", COLUMNS="200")
    assert run.code == 0
    assert "`chatt` is no answer to --objective: expected one of chat, text-generation, " in run.err
    assert "did you mean `chat`?" in run.err


def test_a_wrong_number_is_asked_again(talk):
    run = talk(*STEPS[:3], "many", "0", *changed(n6="general")[3:], "", COLUMNS="200")
    assert run.code == 0
    assert "  --context-window is `many`: expected a whole number from 1 to 2147483648\n" in run.err
    assert "  --context-window is `0`: expected " in run.err


def test_nothing_is_no_answer_where_nothing_is_usual(talk):
    assert "  nothing is answered: expected one of chat, " in talk("", *changed(n6="general"), "", COLUMNS="200").err


def test_help_says_what_an_answer_is(talk):
    err = talk("?", *changed(n6="general"), "", COLUMNS="200").err
    assert (
        "objective>   Answer with one of chat, text-generation, similarity, reranking, multi-label-classification,\n"
        in err
    )
    assert "  --objective answers it without asking. < goes back to the question before.\n" in err


def test_going_back_forgets_the_answer_and_what_it_ruled_out(talk):
    run = talk("similarity", "<", *changed(n6="general"), "", COLUMNS="200")
    assert run.code == 0
    assert "objective: chat" in run.out
    remain = [line.rpartition("-> ")[2][:7] for line in run.err.splitlines() if " models remain" in line]
    assert remain[:2] == ["1 of 10", "7 of 10"]


def test_going_back_from_the_first_question_stays_there(talk):
    assert "there is no earlier question" in talk("<", *changed(n6="general"), "").err


def test_going_back_from_the_candidates_asks_the_last_question_again(talk):
    run = talk(*changed(n6="general"), "back", "EU", "")
    assert run.code == 0
    assert "regions: [EU]" in run.out


def test_where_nothing_passes_one_goes_back(talk):
    run = talk(*changed(n5="1 GiB", n6="general"), "", "<", "<", "<", "<", "<", "L4", "general", *STEPS[7:], "")
    assert run.code == 0
    assert "0 pass every rule" in run.err


def test_what_an_option_answers_is_not_asked(talk):
    run = talk(*STEPS[1:5], "general", *STEPS[7:], "", options=["--objective", "chat", "--gpu", "L4"])
    assert run.code == 0
    assert "  objective: chat (--objective)\n" in run.err
    assert "objective> " not in run.err
    assert "hardware> " not in run.err


def test_no_input_asks_nothing_at_a_terminal_either(talk):
    run = talk(*STEPS, "", options=["--no-input"])
    assert run.code == 2
    assert run.err.startswith("--objective: error: not answered")


def test_everything_about_a_candidate_is_told_when_asked(talk):
    run = talk(
        *changed(n6="general"), "why 1", "why nobody", "more", "google/gemma-2-9b-it", "?", "99", "", COLUMNS="200"
    )
    assert run.code == 0
    assert "  score 0." in run.err
    assert "no candidate is called `nobody`" in run.err
    assert "google/gemma-2-9b-it does not pass" in run.err or "no candidate is called `google/gemma-2-9b-it`" in run.err
    assert "`why NUMBER` tells" in run.err


def test_a_fine_tuning_is_asked_about_in_full(talk, tmp_path):
    (tmp_path / "base.json").write_text('{"results": {"mmlu": {}}}')
    lines = ["chat", "", "tone", "3", "2k", "none", "L4", "general", "1", "2", "", "base.json", ""]
    run = talk(*lines)
    assert run.code == 0
    assert "    baseline: base.json\n    fine_tuning: {goal: tone, method: qlora, sequence_length: 2048}\n" in run.out
    assert "deployment" not in run.out


def test_the_machine_is_offered(talk, monkeypatch):
    card = Device(Vendor.NVIDIA, "NVIDIA L4", 23034 * 2**20, gpu="L4")
    monkeypatch.setattr(hardware, "detect", lambda: Machine((card,), (), System(64 * GIB, 64 * GIB)))
    run = talk(*changed(n5="", n6="general"), "")
    assert run.code == 0
    assert "hardware: {gpu: L4, count: 1}" in run.out
    assert "  this machine has 1 x NVIDIA L4: {gpu: L4, count: 1}\n" in run.err
    assert "hardware [detected]> " in run.err


def test_why_no_gpu_was_seen_is_said(talk, monkeypatch):
    trouble = Trouble(Vendor.NVIDIA, Cause.DRIVER_NOT_LOADED, "NVIDIA's driver is not loaded", "load it", present=True)
    monkeypatch.setattr(hardware, "detect", lambda: NONE._replace(troubles=(trouble,)))
    run = talk(*changed(n6="general"), "")
    assert "  this machine shows no GPU; it has 16.0 GiB of memory\n" in run.err
    assert "  NVIDIA's driver is not loaded; load it\n" in run.err


def test_a_model_in_use_gives_the_usual_answers(talk, tmp_path):
    (tmp_path / "serve.sh").write_text("vllm serve Qwen/Qwen2.5-7B-Instruct --max-model-len 4096\n")
    run = talk("7", "1", "", *STEPS[1:3], "", "", "L4", "general", *STEPS[7:], "")
    assert run.code == 0
    assert " 1 Qwen/Qwen2.5-7B-Instruct: served at serve.sh:1:" in run.err
    assert "`7` is none of them: expected a number from 1 to 1, or none" in run.err
    assert "objective [chat]> " in run.err
    assert "context_window: 4096" in run.out
    assert "  - model: Qwen/Qwen2.5-7B-Instruct\n" in run.out


def test_a_model_in_use_need_not_be_taken(talk, tmp_path):
    (tmp_path / "serve.sh").write_text("vllm serve Qwen/Qwen2.5-7B-Instruct\n")
    run = talk("none", *changed(n6="general"), "granite-3.3-8b-instruct")
    assert run.code == 0
    assert (
        "In use and not declared by this: Qwen/Qwen2.5-7B-Instruct; `weighbridge scan` judges them.\n"
        in run.err.replace("\n`", " `").replace("\njudges", " judges")
    )


@pytest.mark.parametrize("answers", [(), STEPS[:1], STEPS[:5], changed(n6="general")], ids=len)
def test_where_the_input_ends_nothing_is_written(few, tmp_path, monkeypatch, answers):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(hardware, "detect", lambda: NONE)
    err = io.StringIO()
    typed = Terminal("".join(f"{line}\n" for line in answers))
    with pytest.raises(KeyboardInterrupt):
        main(["init"], Console(io.StringIO(), err, typed, {}, date.fromisoformat(TODAY)))
    assert err.getvalue().endswith("\nmodel.yaml: nothing was written\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("columns", ["1", "20", "40", "72"])
def test_lines_are_as_narrow_as_the_terminal(talk, columns):
    run = talk(*changed(n6="general"), "", COLUMNS=columns)
    assert run.code == 0
    said = [line.rpartition("> ")[2] for line in run.err.splitlines()]
    long = [line for line in said if len(line) >= max(int(columns), 25)]
    assert [line for line in long if len(line.split()) > 2] == []  # a word is never broken: ids are copied


def test_control_characters_in_an_answer_are_shown_and_not_sent(talk):
    run = talk("\x1b[31mchat", *changed(n6="general"), "")
    assert "\x1b" not in run.err


def test_going_back_where_options_answered_everything_stays_at_the_candidates(talk):
    answers = dict(
        zip(("objective", "documents", "goal", "context-window", "parallel-requests"), STEPS[:5], strict=True)
    )
    answers |= {"parallel-requests": "1", "gpu": "L4", "size-class": "general", "purpose": "commercial"}
    answers |= {"distribution": "service", "region": "none"}
    run = talk("<", "", options=[f"--{key}={value}" for key, value in answers.items()])
    assert run.code == 0
    assert "there is no earlier question" in run.err


def test_a_repository_that_uses_very_many_models_offers_some(talk, tmp_path):
    lines = [f'A.from_pretrained("acme/model-{number}")' for number in range(300)]
    (tmp_path / "app.py").write_text("\n".join(["from transformers import AutoModel as A", *lines]))
    run = talk("none", *changed(n6="general"), "", COLUMNS="200")
    assert run.code == 0
    assert "  20 acme/model-19: loaded at app.py:21:" in run.err
    assert "model-20" not in run.err
