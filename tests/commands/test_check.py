"""`weighbridge check` as a user runs it: what is found, what is said, which code."""

from __future__ import annotations

import json
import os
import shlex
import stat
import subprocess
import sys
from itertools import islice, product
from pathlib import Path

import pytest

from checker import applying
from checker.facts.locked.file import as_text
from checker.facts.locked.lock import Lock

QWEN = "a09a35458c702b33eeacc393d103063234e8bc28"
GOOD = f"""\
weighbridge: 1
owner: support-platform
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: {QWEN}
    objective: chat
    deployment: {{context_window: 8192, hardware: {{gpu: L4}}}}
"""
BAD = GOOD.replace(QWEN, "main")
POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes, links and a shell as here exist on POSIX only")
FOREIGN = "name: resnet\nlayers: [1, 2]\n"


def test_the_current_folder_is_checked_where_no_path_is_given(weighbridge, project):
    project({"a/model.yaml": GOOD, "b/chat.weighbridge.yaml": GOOD})
    run = weighbridge("check", "--json")
    assert [manifest["file"] for manifest in json.loads(run.out)["manifests"]] == [
        "a/model.yaml",
        "b/chat.weighbridge.yaml",
    ]


def test_nothing_to_check_is_an_error_and_says_how_to_allow_it(weighbridge, project):
    project({"model.yaml": FOREIGN})
    run = weighbridge("check")
    assert run.code == 2
    assert run.err == (
        "no-input: error: no manifest was found in . (model.yaml is named like one and is something else):"
        " expected a model.yaml with a line that begins with `weighbridge:`; `weighbridge init` writes one;"
        " --allow-empty makes this no error\n"
    )
    assert weighbridge("check", "--allow-empty").code == 0


def test_of_several_that_are_something_else_one_is_named(weighbridge, project):
    project({"b/model.yaml": FOREIGN, "a/model.yaml": FOREIGN})
    said = "no manifest was found in . (2 named like one are something else, a/model.yaml among them): "
    assert said in weighbridge("check").err


def test_who_stands_too_deep_is_told_of_the_manifest_above(weighbridge, project):
    folder = project({"model.yaml": GOOD, "services/model.yaml": FOREIGN, "services/chat/app.py": ""})
    (folder / ".git").mkdir()
    run = weighbridge("check", cwd=folder / "services" / "chat")
    assert (run.code, run.out) == (2, "")
    assert "; `../../model.yaml` lies above; --allow-empty" in run.err


def test_nothing_outside_the_repository_is_told_of(weighbridge, project):
    folder = project({"model.yaml": GOOD, "repository/chat/app.py": ""})
    (folder / "repository" / ".git").mkdir()
    assert "`weighbridge init` writes one" in weighbridge("check", cwd=folder / "repository" / "chat").err
    assert "`weighbridge init` writes one" in weighbridge("check", cwd=folder / "repository").err


def test_a_foreign_file_is_counted_and_listed_but_never_judged(weighbridge, project):
    project({"model.yaml": GOOD, "other/model.yaml": FOREIGN})
    run = weighbridge("check", "-v")
    assert run.code == 0
    assert "1 file named like a manifest is something else: not judged" in run.out
    assert run.err == "other/model.yaml: not a Weighbridge manifest, not judged\n"


def test_a_named_path_is_always_ours_unless_it_was_discovered(weighbridge, project):
    project({"model.yaml": FOREIGN})
    assert weighbridge("check", "model.yaml").code == 2
    run = weighbridge("check", "--discovered", "model.yaml")
    assert run.code == 0
    assert "not judged" in run.out


def test_a_near_miss_of_our_key_is_an_error_and_not_foreign(weighbridge, project):
    project({"model.yaml": GOOD.replace("weighbridge:", "weighbrigde:")})
    run = weighbridge("check", "--discovered", "model.yaml")
    assert run.code == 2
    assert "did you mean `weighbridge`?" in run.out


def test_a_path_that_does_not_exist_is_an_error(weighbridge):
    run = weighbridge("check", "absent/model.yaml")
    assert run.code == 2
    assert "absent/model.yaml" in run.out + run.err


def test_a_lock_given_as_argument_stands_for_its_manifests(weighbridge, project):
    project({"a/model.yaml": GOOD, "a/model.lock": as_text(Lock()), "b/model.yaml": BAD})
    run = weighbridge("check", "--json", "a/model.lock")
    assert [manifest["file"] for manifest in json.loads(run.out)["manifests"]] == ["a/model.yaml"]


def test_standard_input_is_a_manifest(weighbridge):
    run = weighbridge("check", "-", stdin=BAD)
    assert run.code == 1
    assert "<stdin>:5:15: revision-pinned: blocks (soft-mandatory), model Qwen2.5-7B-Instruct" in run.out


def test_the_json_report_goes_to_a_file_and_the_text_to_the_terminal(weighbridge, project):
    folder = project({"model.yaml": GOOD})
    run = weighbridge("check", "--output", "text", "--output", "json=out.json")
    assert run.code == 0
    assert run.out.endswith(" not applicable\n")
    assert json.loads((folder / "out.json").read_text())["exit_code"] == 0


def test_stdout_holds_the_document_alone_and_the_tally_goes_to_stderr(weighbridge, project):
    project({"model.yaml": BAD})
    run = weighbridge("check", "--json")
    assert json.loads(run.out)["exit_code"] == run.code == 1
    assert run.err.startswith("1 model · ")


def test_equal_inputs_and_an_equal_day_give_equal_bytes(started, project):
    project({"a/model.yaml": GOOD, "b/model.yaml": BAD})
    first = started("check", "--json", "--today", "2026-12-01", PYTHONHASHSEED="1")
    second = started("check", "--json", "--today", "2026-12-01", PYTHONHASHSEED="2")
    assert first.out == second.out
    assert str(Path.cwd()) not in first.out


def test_many_manifests_in_parallel_give_what_one_after_the_other_gives(weighbridge, project):
    project({f"p{number:03}/model.yaml": (BAD if number % 7 else GOOD) for number in range(130)})
    parallel = weighbridge("check", "--json", "--jobs", "2")
    assert parallel.out == weighbridge("check", "--json", "--jobs", "1").out
    assert parallel.code == 1


def test_a_report_only_run_turns_blocking_findings_into_zero_and_says_so(weighbridge, project):
    project({"model.yaml": BAD})
    run = weighbridge("check", "--exit-zero")
    assert run.code == 0
    assert "relaxed: --exit-zero" in run.out


@pytest.mark.parametrize(
    ("text", "code"),
    [(GOOD.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of"), 3), (GOOD + "colour: red\n", 2)],
)
def test_a_report_only_run_hides_neither_bad_input_nor_what_is_unknown(weighbridge, project, text, code):
    project({"model.yaml": text})
    assert weighbridge("check", "--exit-zero").code == code


def test_bad_input_in_one_file_does_not_hide_the_findings_of_another(weighbridge, project):
    project({"a/model.yaml": BAD, "b/model.yaml": GOOD + "colour: red\n"})
    run = weighbridge("check")
    assert run.code == 2
    assert "revision-pinned" in run.out
    assert "unknown key `colour`" in run.out
    assert "1 file refused" in run.out


def test_blocking_findings_come_before_what_is_unknown(weighbridge, project):
    unknown = GOOD.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of")
    project({"a/model.yaml": BAD, "b/model.yaml": unknown})
    assert weighbridge("check").code == 1


POLICY = "policy: acme\nversion: 7\nrules:\n  revision-pinned: advisory\n"


def test_the_policy_comes_from_the_option_then_the_environment_then_the_project(weighbridge, project):
    project(
        {
            "model.yaml": BAD,
            "option.yaml": POLICY.replace("acme", "by-option"),
            "environment.yaml": POLICY.replace("acme", "by-environment"),
            "own.yaml": POLICY.replace("acme", "by-project"),
        }
    )
    assert "policy weighbridge-enterprise 2026.11, the default" in weighbridge("check").out
    project({"pyproject.toml": '[tool.weighbridge]\npolicy = "own.yaml"\n'})
    by_project = weighbridge("check").out
    assert "policy by-project 7, chosen by the project in pyproject.toml" in by_project
    assert "relaxed: model.yaml: the project chose its policy in pyproject.toml" in by_project
    environment = weighbridge("check", WEIGHBRIDGE_POLICY="environment.yaml").out
    assert "policy by-environment 7, named by WEIGHBRIDGE_POLICY" in environment
    option = weighbridge("check", "--policy", "option.yaml", WEIGHBRIDGE_POLICY="environment.yaml").out
    assert "policy by-option 7, named by --policy" in option


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[tool.weighbridge]\npolicy = "../policy.yaml"\n', "names no file of this repository"),
        ("[tool.weighbridge]\npolicy = 5\n", "names no file of this repository"),
        ('[tool.weighbridge]\npolcy = "own.yaml"\n', "holds something else than `policy`"),
        ("[tool.weighbridge\n", "no TOML"),
        (
            '[tool.weighbridge]\npolicy = "absent.yaml"\n',
            "absent.yaml: error: there is no such file: expected a readable file; pyproject.toml names it\n",
        ),
    ],
)
def test_a_policy_that_the_project_names_badly_is_an_error(weighbridge, project, toml, words):
    project({"model.yaml": GOOD, "pyproject.toml": toml})
    run = weighbridge("check")
    assert run.code == 2
    assert words in run.out


def test_a_policy_that_is_not_there_is_told_with_who_named_it(weighbridge, project):
    project({"model.yaml": GOOD})
    by_environment = weighbridge("check", WEIGHBRIDGE_POLICY="absent.yaml")
    assert (by_environment.code, by_environment.out) == (2, "")
    said = "absent.yaml: error: there is no such file: expected a readable file"
    assert by_environment.err == f"{said}; WEIGHBRIDGE_POLICY names it\n"
    assert weighbridge("check", "--policy", "absent.yaml").err == f"{said}\n"


def test_a_policy_in_the_place_of_a_manifest_is_called_one_and_the_other_way_round(weighbridge, project):
    project({"model.yaml": GOOD, "acme.yaml": POLICY})
    as_manifest = weighbridge("check", "acme.yaml")
    assert (as_manifest.code, as_manifest.out.count("error: ")) == (2, 1)
    assert as_manifest.out.startswith("acme.yaml:1:1: error: this is a policy\n")
    assert "with `weighbridge: 1` and `models`; `weighbridge policy check` reads policies\n" in as_manifest.out
    for as_policy in (weighbridge("policy", "check", "model.yaml"), weighbridge("check", "--policy", "model.yaml")):
        assert (as_policy.code, as_policy.err.count("error: ")) == (2, 1)
        assert as_policy.err.startswith("model.yaml:1:1: error: this is a manifest\n")
        assert "with `policy` and `version`; `weighbridge check` judges manifests\n" in as_policy.err


def test_a_required_policy_refuses_every_other(weighbridge, project):
    project({"model.yaml": GOOD, "acme.yaml": POLICY})
    shown = json.loads(weighbridge("policy", "show", "--policy", "acme.yaml", "--json").out)
    assert weighbridge("check", "--policy", "acme.yaml", "--require-policy", shown["sha256"]).code == 0
    refused = weighbridge("check", "--require-policy", shown["sha256"])
    assert refused.code == 2
    assert "as --require-policy asks" in refused.out
    for at in (0, 8, 63):
        nearly = shown["sha256"][:at] + ("1" if shown["sha256"][at] == "0" else "0") + shown["sha256"][at + 1 :]
        assert weighbridge("check", "--policy", "acme.yaml", "--require-policy", nearly).code == 2


def test_a_project_that_tightens_keeps_the_digest_that_is_required(weighbridge, project):
    project({"model.yaml": GOOD, "acme.yaml": POLICY})
    sha256 = json.loads(weighbridge("policy", "show", "--policy", "acme.yaml", "--json").out)["sha256"]
    project({"weighbridge-policy.yaml": "rules: {revision-pinned: hard-mandatory}\n", "model.yaml": BAD})
    run = weighbridge("check", "--policy", "acme.yaml", "--require-policy", sha256)
    assert run.code == 1
    assert "the project tightens it in weighbridge-policy.yaml" in run.out


def test_a_level_that_begins_later_is_said_and_holds_from_its_day_on(weighbridge, project):
    dated = "policy: acme\nversion: 7\nrules:\n  revision-pinned: [advisory, {from: 2027-02-01, enforcement: soft-mandatory}]\n"
    project({"model.yaml": BAD, "acme.yaml": dated})
    before = weighbridge("check", "--policy", "acme.yaml", "--today", "2026-11-23")
    assert before.code == 0
    assert "revision-pinned blocks in 70 days, from 2027-02-01 (soft-mandatory)" in before.out
    assert "relaxed: --today 2026-11-23" in before.out or "judged as of 2026-11-23" in before.out
    assert weighbridge("check", "--policy", "acme.yaml", "--today", "2027-02-01").code == 1


def test_required_parts_are_asked_for(weighbridge, project):
    project({"model.yaml": GOOD, "acme.yaml": POLICY.replace("rules:", "require: [lock, use]\nrules:")})
    run = weighbridge("check", "--policy", "acme.yaml")
    assert run.code == 1
    assert "expected `use`" in run.out
    assert "expected a model.lock beside the manifest" in run.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--today", "tomorrow"), "`tomorrow` is no day: expected YYYY-MM-DD"),
        (("--output", "txt"), "did you mean `text`?"),
        (("--output", "report.json"), "did you mean `json=report.json`?"),
        (("--output", "out/summary.md"), "did you mean `markdown=out/summary.md`?"),
        (("--output", "report.pdf"), "`report.pdf` is no format: expected one of csv"),
        (
            ("--policy", "starter"),
            "there is no file `starter`: expected a file, or weighbridge:PACK; did you mean `weighbridge:starter`?",
        ),
        (("--policy", "https://acme.example/policy.yaml"), "`https://acme.example/policy.yaml` is an address"),
        (("--output", "json="), "names no file after the equals sign"),
        (("--jobs", "0"), "expected 1 or more"),
        (("--require-policy", ""), "`` is no SHA-256: expected 64 hexadecimal digits"),
        (("--require-policy", "efa3fc869b71"), "`efa3fc869b71` is no SHA-256: expected 64 hexadecimal digits"),
        (("--polcy", "x"), "--polcy"),
    ],
)
def test_wrong_usage_ends_with_two_and_says_what_is_right(weighbridge, arguments, words):
    run = weighbridge("check", *arguments)
    assert run.code == 2
    assert words in run.err


def test_two_documents_never_share_standard_output(weighbridge, project):
    project({"model.yaml": GOOD})
    finished = weighbridge("check", "--json", "--output", "text")
    assert (finished.code, finished.out) == (2, "")
    assert "two outputs go to standard output" in finished.err


def test_a_run_that_checked_nothing_says_so(weighbridge, project):
    project({"notes.txt": "nothing of ours"})
    finished = weighbridge("check", "--allow-empty")
    assert (finished.code, "exit code 0: nothing was checked" in finished.out) == (0, True)


def test_a_day_before_the_catalogues_is_said_in_words(weighbridge, project):
    project({"model.yaml": GOOD})
    finished = weighbridge("check", "--today", "2026-01-01")
    assert "catalogue of 2026-11-23 (later than the day that is judged)" in finished.out


def test_a_policy_that_does_not_exist_is_an_error_said_once(weighbridge, project):
    project({"a/model.yaml": GOOD, "b/model.yaml": GOOD})
    run = weighbridge("check", "--policy", "absent.yaml")
    assert run.code == 2
    assert (run.out + run.err).count("absent.yaml") == 1


def test_an_output_that_cannot_be_written_is_an_error(weighbridge, project):
    project({"model.yaml": GOOD})
    run = weighbridge("check", "--output", "json=absent/out.json")
    assert run.code == 2
    assert "absent/out.json" in run.err


def test_an_old_report_stays_where_the_new_one_cannot_be_made(weighbridge, project):
    folder = project({"model.yaml": GOOD, "out.json": "old"})
    assert weighbridge("check", "--policy", "absent.yaml", "--output", "json=out.json").code == 2
    assert (folder / "out.json").read_text() == "old"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_lacks_a_character_makes_nothing_fail(started, project, encoding):
    project({"model.yaml": GOOD.replace("support-platform", "Ünïcode-日本")})
    assert started("check", PYTHONIOENCODING=encoding, PYTHONUTF8="0").code == 0


def test_control_codes_of_a_manifest_never_reach_the_terminal(weighbridge, project):
    project({"model.yaml": GOOD.replace("owner: support-platform", 'owner: "a\\e[31mred\\u202Eb"')})
    run = weighbridge("check")
    assert "\x1b" not in run.out
    assert "\u202e" not in run.out


def test_the_hook_path_loads_nothing_that_it_does_not_need(project):
    import subprocess

    folder = project({"model.yaml": GOOD})
    program = (
        "import sys; from checker.command_line import run; code = run(['check', 'model.yaml']);"
        "heavy = {'rich', 'requests', 'httpx', 'jinja2', 'jsonschema', 'numpy', 'torch', 'huggingface_hub', 'shtab',"
        " 'difflib', 'multiprocessing', 'concurrent.futures', 'ssl', 'socket', 'asyncio', 'subprocess', 'checker.git',"
        " 'checker.policy.waivers', 'checker.waivers', 'checker.rulebook.waiver_case', 'checker.rules.waiver_invalid',"
        " 'checker.since', 'checker.report.json', 'checker.baseline.doubts', 'checker.baseline.comparison',"
        " 'checker.rulebook.reached', 'checker.manifest.baseline_run', 'checker.facts.calibration_file',"
        " 'checker.memory.calibrated', 'checker.memory.instances', 'checker.custom', 'checker.policy.custom',"
        " 'checker.scan', 'checker.remedies', 'checker.runs'};"
        "print(code, sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    # Measuring coverage loads modules of its own.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, encoding="utf-8", env=environment, check=True
    )
    assert done.stderr == "0 []\n"


def test_a_manifest_without_plans_loads_no_estimate(project):
    import subprocess

    folder = project({"model.yaml": "".join(GOOD.splitlines(keepends=True)[:6])})
    program = (
        "import sys; from checker.command_line import run; code = run(['check', 'model.yaml']);"
        "plans = ('checker.memory.count', 'checker.memory.runtime', 'checker.memory.serving', 'checker.memory.training',"
        " 'checker.memory.kv_cache', 'checker.memory.matrices', 'checker.memory.alternatives', 'checker.sizing');"
        "print(code, sorted(name for name in sys.modules if name.startswith(plans)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr == "0 []\n"


def test_a_bug_is_no_verdict(weighbridge, project, monkeypatch):
    import io
    from datetime import date

    from checker import command_line as main
    from checker import gate
    from checker.console import Console

    def broken(request):
        raise RuntimeError("wires crossed")

    monkeypatch.setattr(gate, "judge", broken)
    out, err = io.StringIO(), io.StringIO()
    code = main.main(["check"], Console(out, err, sys.stdin, {}, date(2026, 11, 23)))
    assert code == 70
    assert out.getvalue() == ""
    assert err.getvalue().startswith("weighbridge: internal error: RuntimeError: wires crossed\n")
    with pytest.raises(RuntimeError):
        main.main(["check", "--debug"], Console(out, err, sys.stdin, {}, date(2026, 11, 23)))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("hardware: {gpu: L41}", "`L41` is no GPU that is known here"),
        ("hardware: {gpu: A100}", "`A100` is sold with different amounts of memory"),
    ],
)
def test_a_gpu_that_is_not_known_is_an_error_with_its_place(weighbridge, project, line, words):
    project({"model.yaml": GOOD.replace("hardware: {gpu: L4}", line)})
    run = weighbridge("check")
    assert run.code == 2
    assert "model.yaml:7:56" in run.out
    assert words in run.out


@pytest.mark.parametrize(
    ("spelling", "words"),
    [
        ("llama-3", "`llama-3` names no single licence: its members differ in their terms"),
        ("apache", "`apache` names no single licence: it says no version"),
        ("apache", "^ expected Apache-2.0\n"),
        ("Apache 2.0", ""),
        ("LicenseRef-Acme", ""),
    ],
)
def test_a_licence_is_spelled_in_any_way_that_names_one(weighbridge, project, spelling, words):
    project({"model.yaml": GOOD.replace("    objective", f"    license: {spelling}\n    objective")})
    run = weighbridge("check", "--policy", "weighbridge:starter")
    assert run.code == (2 if words else 0)
    assert words in run.out


def test_everything_that_is_wrong_with_a_file_is_told_in_one_run(weighbridge, project):
    project(
        {
            "model.yaml": "weighbridge: 1\nownr: x\nhardware: {gpu: L41}\nmodels:\n"
            "  - model: ../../elsewhere\n    objective: chat\n    license: apahce-2.0\n"
            "    deployment: {context_window: 8k, hardware: {gpu: RTX 4909}}\n    baseline: /../x\n"
        }
    )
    finished = weighbridge("check", "model.yaml")
    told = [line.split(": error: ") for line in finished.out.splitlines() if ": error: " in line]
    assert (finished.code, told) == (
        2,
        [
            ["model.yaml:2:1", "unknown key `ownr`"],
            ["model.yaml:3:17", "`L41` is no GPU that is known here"],
            ["model.yaml:5:12", "`../../elsewhere` leads out of the manifest's folder"],
            ["model.yaml:7:14", "`apahce-2.0` is no licence that is known here"],
            ["model.yaml:8:34", "`models[0].deployment.context_window` is `8k`"],
            ["model.yaml:8:54", "`RTX 4909` is no GPU that is known here"],
            ["model.yaml:9:15", "`models[0].baseline` is `/../x`"],
        ],
    )


def test_of_thousands_of_misspelt_names_a_hundred_are_looked_up(started, project):
    fillers = islice(product(("the", "license", "agreement"), repeat=8), 5000)
    entries = "".join(
        f"  - {{name: n{i}, model: a/b, objective: chat, license: apahce 2.0 {' '.join(words)}}}\n"
        for i, words in enumerate(fillers)
    )
    project({"model.yaml": f"weighbridge: 1\nmodels:\n{entries}"})
    finished = started("check", "model.yaml")
    assert (finished.code, finished.out.count("is no licence that is known here")) == (2, 100)
    assert "model.yaml:103:56: error: more names that are not known, which were not looked at" in finished.out


def test_folders_that_are_not_there_are_told_at_once_at_the_lines_that_name_them(weighbridge, project):
    entry = "  - {{name: {}, model: ./{}, objective: chat}}\n"
    project({"model.yaml": "weighbridge: 1\nmodels:\n" + entry.format("a", "one") + entry.format("b", "two")})
    finished = weighbridge("check", "model.yaml")
    assert finished.code == 2
    assert "model.yaml:3:22: error: there is no folder ./one\n" in finished.out
    assert "model.yaml:4:22: error: there is no folder ./two\n" in finished.out


def test_the_licence_of_what_a_project_makes_is_read_too(weighbridge, project):
    tuning = "    fine_tuning: {produces: {name: X, license: Apahce-2.0, shared: internal}}\n"
    project({"model.yaml": GOOD + tuning})
    run = weighbridge("check")
    assert run.code == 2
    assert "did you mean `Apache-2.0`?" in run.out


def test_standard_input_that_cannot_be_used_is_an_error(weighbridge):
    run = weighbridge("check", "-", stdin="weighbridge: 1\n")
    assert run.code == 2
    assert "<stdin> was not judged" in run.out


def test_a_pyproject_of_other_tools_says_nothing_of_policies(weighbridge, project):
    project({"model.yaml": GOOD, "pyproject.toml": "[tool.ruff]\nline-length = 120\n"})
    assert "the default" in weighbridge("check").out


def test_a_file_keeps_its_mode_when_it_is_replaced(weighbridge, project):
    folder = project({"model.yaml": GOOD, "out.json": "old"})
    (folder / "out.json").chmod(0o640)
    assert weighbridge("check", "--output", "json=out.json").code == 0
    assert (folder / "out.json").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["model.yaml", "out.json"]


def test_an_output_that_is_a_folder_is_an_error_and_leaves_nothing_behind(weighbridge, project):
    folder = project({"model.yaml": GOOD, "out.json/keep": ""})
    run = weighbridge("check", "--output", "json=out.json")
    assert run.code == 2
    assert "out.json: error: cannot be written" in run.err
    assert sorted(path.name for path in folder.iterdir()) == ["model.yaml", "out.json"]


@POSIX
def test_a_pipe_as_output_is_written_to_and_never_replaced(weighbridge, project):
    """Nor is /dev/stdout or /dev/null, which whoever runs as root could replace."""
    folder = project({"model.yaml": GOOD})
    os.mkfifo(folder / "out")
    reader = os.open(folder / "out", os.O_RDONLY | os.O_NONBLOCK)
    finished = weighbridge("check", "--output", "json=out", "--output", "text")
    assert (finished.code, json.loads(os.read(reader, 1 << 16))["exit_code"]) == (0, 0)
    assert stat.S_ISFIFO((folder / "out").stat().st_mode)
    os.close(reader)


@POSIX
def test_an_output_that_is_a_link_stays_one(weighbridge, project):
    folder = project({"model.yaml": GOOD, "real.json": "old"})
    (folder / "out.json").symlink_to("real.json")
    assert weighbridge("check", "--output", "json=out.json").code == 0
    assert (folder / "out.json").is_symlink()
    assert json.loads((folder / "real.json").read_text(encoding="utf-8"))["exit_code"] == 0


@POSIX
@pytest.mark.parametrize(("closed", "code"), [("<&-", 0), (">&-", 0), ("2>&-", 0), ("<&- >&- 2>&-", 0), ("- <&-", 2)])
def test_a_closed_stream_changes_no_verdict(project, closed, code):
    folder = project({"model.yaml": GOOD})
    command = f"{shlex.quote(sys.executable)} -m checker check model.yaml {closed}"
    finished = subprocess.run(["/bin/sh", "-c", command], cwd=folder, capture_output=True, timeout=60)
    assert (finished.returncode, b"Traceback" in finished.stderr) == (code, False)


def test_a_reader_that_goes_away_is_no_bug(project):
    import subprocess

    folder = project({f"p{number}/model.yaml": BAD for number in range(40)})
    command = [sys.executable, "-m", "checker", "check"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


LAYER = "rules: {license-allowed: {allow: []}}\n"


def test_a_project_layer_below_the_root_is_said_not_to_count(weighbridge, project):
    folder = project({"service/model.yaml": GOOD, "service/weighbridge-policy.yaml": LAYER})
    (folder / ".git").mkdir()
    said = "note: weighbridge-policy.yaml beside the manifest was not read: it counts at the repository's root alone"
    finished = weighbridge("check", "service")
    assert (finished.code, said in finished.out) == (0, True)
    (folder / "service" / "weighbridge-policy.yaml").rename(folder / "weighbridge-policy.yaml")
    finished = weighbridge("check", "service")
    assert (finished.code, said in finished.out) == (1, False)


@pytest.mark.parametrize(
    ("repository", "layer", "said"),
    [
        (True, "a", "../weighbridge-policy.yaml, seen from the manifest, was not read: it counts at the repository's root alone"),
        (True, ".", None),
        (False, ".", "../../weighbridge-policy.yaml, seen from the manifest, was not read: without a repository it counts beside it alone"),
        (False, "a/b", None),
    ],
)  # fmt: skip
def test_a_project_layer_above_the_manifest_counts_or_is_said_not_to(weighbridge, project, repository, layer, said):
    folder = project({"a/b/model.yaml": GOOD, f"{layer}/weighbridge-policy.yaml": LAYER})
    if repository:
        (folder / ".git").mkdir()
    run = weighbridge("check", "a")
    assert (run.code, f"note: {said}\n" in run.out) == ((1, False) if said is None else (0, True)), run.out


def test_a_manifest_on_another_drive_is_judged_by_its_whole_path(tmp_path, monkeypatch):
    """As on Windows, where no relative path leads from one drive to another."""
    (tmp_path / ".git").mkdir()

    def on_another_drive(path, start=None):
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr("os.path.relpath", on_another_drive)
    assert applying.from_here(tmp_path) == tmp_path


def test_a_lock_of_another_tool_is_left_alone(weighbridge, project):
    project({"model.lock": "{}", "model.yaml": FOREIGN})
    run = weighbridge("check", "--discovered", "model.lock")
    assert run.code == 0
    assert "2 files named like manifests are something else: not judged" in run.out
