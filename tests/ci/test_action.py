"""The GitHub Action: its own shell steps, run as the runner runs them, with what a runner would give them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from ruamel.yaml import YAML

from tests.packaging.offline import ROOT, offline_environment

ACTION = YAML(typ="safe").load(ROOT / "action.yml")
INSTALL, CHECK = ACTION["runs"]["steps"]
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the action's shell is bash")

GOOD = """\
weighbridge: 1
owner: support-platform
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: a09a35458c702b33eeacc393d103063234e8bc28
    objective: chat
"""
POLICY = "policy: acme\nversion: 1\nrules: {revision-pinned: advisory}\n"
BAD = GOOD.replace("a09a35458c702b33eeacc393d103063234e8bc28", "main")


class Step(NamedTuple):
    """What a step left behind."""

    code: int
    log: str
    outputs: str
    summary: str


def run_step(step: dict, folder: Path, temporary: Path, **inputs: str) -> Step:
    """Run a step with `bash --noprofile --norc -eo pipefail`, which is what `shell: bash` means to a runner."""
    files = {name: temporary / f"{name}.txt" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.write_text("")
    script = temporary / "step.sh"
    script.write_text(step["run"])
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    environment = {
        **offline_environment(),
        **{name: str(path) for name, path in files.items()},
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_WORKSPACE": str(folder),
        "RUNNER_TEMP": str(temporary),
        **{name: interpolated(value, given) for name, value in step.get("env", {}).items()},
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return Step(done.returncode, done.stdout, *(path.read_text("utf-8") for path in files.values()))


def interpolated(value: str, given: dict[str, str]) -> str:
    """`${{ inputs.NAME }}` by what was given, else by its default."""
    (name,) = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value).groups()
    return given.get(name, ACTION["inputs"][name]["default"])


TRAP = "from pathlib import Path; Path(__file__).with_name('caught').touch(); raise SystemExit(0)\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The runner's temporary folder after the first step, which ran beside modules that it must not take."""
    folder, temporary = tmp_path_factory.mktemp("trap"), tmp_path_factory.mktemp("runner")
    for name in ("venv.py", "pip.py", "secrets.py"):
        (folder / name).write_text(TRAP)
    step = run_step(INSTALL, folder, temporary)
    assert step.code == 0, step.log
    assert not (folder / "caught").exists()
    return temporary


@pytest.fixture
def act(installed, tmp_path):
    """Run the second step on some files."""

    def run(files: dict[str, str], **inputs: str) -> Step:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if not (tmp_path / ".git").exists():
            subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True, env=offline_environment())
        return run_step(CHECK, tmp_path, installed, **inputs)

    return run


def outside_the_text(log: str) -> list[str]:
    """The lines that the runner obeys: those outside the stretch in which it looks away."""
    match = re.search(r"^::stop-commands::([0-9a-f]{64})$(.*?)^::\1::$", log, re.M | re.S)
    assert match is not None
    return (log[: match.start()] + log[match.end() :]).strip().splitlines()


def test_a_finding_is_an_annotation_a_summary_and_a_sarif_file(act, tmp_path):
    step = act({"svc/model.yaml": BAD})
    assert step.code == 1
    assert step.outputs == "exit-code=1\n"
    commands = outside_the_text(step.log)
    assert commands[0].startswith(
        "::error file=svc/model.yaml,line=5,endLine=5,col=15,endColumn=18,title=revision-pinned"
    )
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in commands)
    assert step.summary.startswith("<!-- weighbridge-report -->\n## Weighbridge: blocked\n")
    sarif = json.loads((tmp_path / "weighbridge.sarif").read_text("utf-8"))
    assert sarif["runs"][0]["results"][0]["ruleId"] == "revision-pinned"


def test_what_is_fine_passes(act):
    step = act({"model.yaml": GOOD}, outputs="")
    assert (step.code, step.outputs) == (0, "exit-code=0\n")
    assert "exit code 0: nothing blocks" in step.log


def test_every_input_reaches_the_command(act, tmp_path):
    policy = "policy: acme\nversion: 1\nrules: {revision-pinned: advisory}\n"
    files = {"a b/model.yaml": BAD, "c/model.yaml": BAD, "d/model.yaml": BAD + "colour: red\n", "acme.yaml": policy}
    inputs = {"paths": "a b\nc/model.yaml\n", "policy": "acme.yaml", "outputs": "json=out.json\n\njunit=out.xml"}
    step = act(files, **inputs)
    assert step.code == 0, step.log
    report = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [one["file"] for one in report["manifests"]] == ["a b/model.yaml", "c/model.yaml"]
    assert (tmp_path / "out.xml").exists()
    refused = act(files, **inputs, require_policy="0" * 64)
    assert refused.code == 2
    assert outside_the_text(refused.log) == [
        "::error title=weighbridge::nothing was judged (code 2): the log of this step says why"
    ]
    digest = report["manifests"][0]["policy"]["sha256"]
    assert act(files, **inputs, require_policy=digest).code == 0


def test_code_is_read_where_that_is_asked_for(act, tmp_path):
    code = 'from sentence_transformers import SentenceTransformer as S\nS("BAAI/bge-m3")\n'
    assert act({"model.yaml": GOOD, "app.py": code}).code == 0
    step = act({"model.yaml": GOOD, "app.py": code}, scan="true")
    assert step.code == 1
    assert any(
        line.startswith("::error file=app.py,line=2,") and "title=models-declared" in line
        for line in outside_the_text(step.log)
    )


def test_a_repository_without_models_is_green_where_code_is_read(act):
    assert act({"app.py": "print(1)\n"}).code == 2
    step = act({"app.py": "print(1)\n"}, scan="true")
    assert (step.code, step.outputs) == (0, "exit-code=0\n")
    assert "no model is used" in step.log


def test_another_word_for_the_scan_judges_nothing(act):
    step = act({"model.yaml": GOOD}, scan="yes")
    assert (step.code, step.outputs) == (2, "exit-code=2\n")
    assert "the input scan is neither true nor false" in step.log


def test_only_what_a_change_adds_blocks(act, tmp_path):
    def git(*arguments):
        identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com"}
        identity |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in identity.items()}
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, env={**offline_environment(), **identity})

    assert act({"model.yaml": BAD}).code == 1
    git("add", "model.yaml")
    git("commit", "--quiet", "--message", "x")
    assert act({"model.yaml": BAD}, since="HEAD").code == 0
    assert act({"new/model.yaml": BAD}, since="HEAD").code == 1


def test_a_change_of_a_policy_is_tried_on_projects_and_told_in_the_summary(act, tmp_path):
    files = {"old.yaml": POLICY, "new.yaml": POLICY.replace("advisory", "soft-mandatory"), "fleet/model.yaml": BAD}
    step = act(files, policy="new.yaml", impact_from="old.yaml", paths="fleet")
    assert step.code == 1, step.log
    assert step.summary.startswith("<!-- weighbridge-impact -->\n## Weighbridge: projects would newly be blocked\n")
    assert outside_the_text(step.log) == [
        "::error title=weighbridge::the policy would stop projects (code 1): see the summary"
    ]
    assert act(files, policy="old.yaml", impact_from="new.yaml", paths="fleet", outputs="json=out.json").code == 0
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["tally"]["no longer blocked"] == 1
    assert act(files, policy="gone.yaml", impact_from="old.yaml", paths="fleet").code == 2


@pytest.mark.parametrize("name", ["policy", "require_policy", "paths", "since", "scan", "outputs", "impact_from"])
def test_no_input_becomes_a_command(act, tmp_path, name):
    evil = 'x"; touch caught; echo "$(touch caught)`touch caught`\' ; touch caught #\n--policy=weighbridge:starter'
    step = act({"model.yaml": BAD}, **{name: evil})
    assert step.code == 2
    assert not (tmp_path / "caught").exists()


def test_a_path_is_never_an_option(act):
    step = act({"model.yaml": BAD}, paths="--exit-zero\nmodel.yaml")
    assert step.code == 2
    assert "--exit-zero" in step.log


def test_nothing_that_a_project_writes_is_a_command_to_the_runner(act):
    evil = BAD.replace("support-platform", '"::error::owned\\n::add-mask::1"').replace("chat", '"::add-mask::1"')
    step = act({"model.yaml": evil})
    assert step.code == 2
    commands = outside_the_text(step.log)
    assert {line.split()[0] for line in commands} == {"::error"}


def test_no_module_of_the_repository_is_imported(act, tmp_path):
    step = act({"model.yaml": GOOD, "checker/__init__.py": TRAP, "secrets.py": TRAP, "json.py": TRAP})
    assert step.code == 0, step.log
    assert not (tmp_path / "caught").exists()


def test_no_expression_stands_inside_a_script():
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert all(re.fullmatch(r"\$\{\{ inputs\.[a-z-]+ \}\}", value) for value in step.get("env", {}).values())
