"""What is ready to use: files that hold to their hosts' schemas, and GitLab's script run as a runner runs it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from checker import __version__
from tests.packaging.offline import ROOT, offline_environment

CI = ROOT / "examples" / "ci"
BAD = "weighbridge: 1\nowner: team\nmodels:\n  - {model: Qwen/Qwen2.5-7B-Instruct, revision: main, objective: chat}\n"


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-actions", [ROOT / "action.yml"]),
        (
            "vendor.github-workflows",
            sorted({*CI.rglob("workflows/*.yml"), *(ROOT / ".github/workflows").glob("*.yml")}),
        ),
        ("vendor.gitlab-ci", [CI / ".gitlab-ci.yml"]),
    ],
)
def test_each_file_holds_to_the_schema_of_its_host(schema, files):
    assert files
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout


def test_the_example_passes(weighbridge):
    run = weighbridge("check", str(CI))
    assert run.code == 0
    assert "1 model · " in run.out


def test_every_file_names_this_version():
    named = re.compile(r"weighbridge/weighbridge@v?([0-9.]+)|version: \{default: \"([0-9.]+)\"")
    files = [ROOT / "templates" / "weighbridge.yml", *CI.rglob("*.yml"), CI / ".gitlab-ci.yml"]
    versions = {
        group for path in files for match in named.finditer(path.read_text("utf-8")) for group in match.groups()
    }
    assert versions - {None} == {__version__}


SPEC, JOBS = YAML(typ="safe").load_all(ROOT / "templates" / "weighbridge.yml")
JOB = JOBS["weighbridge"]


def interpolated(value: str, given: dict[str, str]) -> str:
    """`$[[ inputs.NAME ]]` by what was given, else by its default."""

    def filled(match: re.Match[str]) -> str:
        return given.get(match[1], SPEC["spec"]["inputs"][match[1]]["default"])

    return re.sub(r"\$\[\[ inputs\.([a-z-]+) \]\]", filled, value)


@pytest.fixture
def job(tmp_path):
    """Run the script of GitLab's job with the command of this environment."""

    def run(**inputs: str) -> int:
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        script = "\n".join(JOB["script"])
        command = Path(sys.executable).with_name("weighbridge")
        assert "/tmp/weighbridge/bin/weighbridge" in script
        script = script.replace("/tmp/weighbridge/bin/weighbridge", f"'{command}'")
        variables = {name: interpolated(str(value), given) for name, value in JOB["variables"].items()}
        (tmp_path / "model.yaml").write_text(BAD)
        done = subprocess.run(
            [shutil.which("sh") or "sh", "-e", "-c", script],
            cwd=tmp_path,
            env=offline_environment() | variables,
            capture_output=True,
        )
        return done.returncode

    return run


@pytest.mark.skipif(shutil.which("sh") is None, reason="the job's shell is sh")
def test_the_job_for_gitlab_blocks_and_leaves_its_reports(job, tmp_path):
    assert job() == 1
    (finding, *_) = json.loads((tmp_path / "gl-code-quality-report.json").read_text("utf-8"))
    assert (finding["check_name"], finding["location"]["path"]) == ("revision-pinned", "model.yaml")
    assert (tmp_path / "weighbridge-junit.xml").exists()
    assert set(JOB["artifacts"]["reports"].values()) == {"gl-code-quality-report.json", "weighbridge-junit.xml"}
    assert job(policy="weighbridge:starter") == 0
    assert job(policy="weighbridge:starter", require_policy="0" * 64) == 2


@pytest.mark.skipif(shutil.which("sh") is None, reason="the job's shell is sh")
@pytest.mark.parametrize("name", ["policy", "require_policy", "paths", "since"])
def test_no_input_of_the_job_for_gitlab_becomes_a_command(job, tmp_path, name):
    assert job(**{name: 'x"; touch caught; echo "$(touch caught)`touch caught`\' ; touch caught #'}) == 2
    assert not (tmp_path / "caught").exists()


def test_inputs_reach_the_scripts_as_variables_alone():
    assert "$[[" not in "\n".join([*JOB["before_script"], *JOB["script"]])


def test_the_container_file_installs_what_is_locked_and_runs_as_nobody():
    lines = (ROOT / "Containerfile").read_text("utf-8")
    assert "--require-hashes --requirement requirements/run.txt" in lines
    assert "\nUSER 65534:65534\n" in lines
    copied = (ROOT / ".containerignore").read_text("utf-8").split()
    for needed in ("checker", "requirements/run.txt", "pyproject.toml", "README.md", "LICENSE"):
        assert f"!{needed}" in copied
        assert (ROOT / needed).exists()
