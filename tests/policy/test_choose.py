"""Which policy is the organisation's: the option, else the environment, else pyproject.toml, else the default."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.document.errors import InputError, render_problem
from checker.policy.choose import choose, project_layer
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch):
    (tmp_path / "repo").mkdir()
    monkeypatch.chdir(tmp_path)


def pyproject(text):
    Path("repo/pyproject.toml").write_text(text)


def problem_of(call, *arguments):
    with pytest.raises(InputError) as caught:
        call(*arguments)
    [problem] = caught.value.problems
    return render_problem(problem)


def test_what_is_nearer_to_the_run_goes_first():
    pyproject('[tool.weighbridge]\npolicy = "own.yaml"\n')
    root = Path("repo")
    assert choose("a.yaml", "b.yaml", root) == Choice("a.yaml", ChosenBy.OPTION)
    assert choose(None, "b.yaml", root) == Choice("b.yaml", ChosenBy.ENVIRONMENT)
    assert choose(None, None, root) == Choice("repo/own.yaml", ChosenBy.PROJECT)


@pytest.mark.parametrize("text", [None, "", "[tool.other]\na = 1\n", "[tool]\n", '[project]\nname = "weighbridge"\n'])
def test_where_nobody_names_one_it_is_the_default(text):
    if text is not None:
        pyproject(text)
    assert choose(None, None, Path("repo")) == Choice("weighbridge:enterprise", ChosenBy.DEFAULT)


def test_a_project_names_a_pack_as_it_is_written():
    pyproject('[tool.weighbridge]\npolicy = "weighbridge:starter"\n')
    assert choose(None, None, Path("repo")) == Choice("weighbridge:starter", ChosenBy.PROJECT)


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_name_is_no_choice(empty):
    said = "error: no policy is named: expected a file, or weighbridge:PACK"
    assert problem_of(choose, empty, "b.yaml", Path()) == f"--policy: {said}"
    assert problem_of(choose, None, empty, Path()) == f"WEIGHBRIDGE_POLICY: {said}"


def test_a_pack_that_is_misspelt_is_told_by_the_option():
    said = problem_of(load, Choice("weighbridge:starte", ChosenBy.OPTION), None)
    assert said.startswith("--policy: error: `weighbridge:starte` is no shipped pack: expected one of ")
    assert said.endswith("; did you mean `weighbridge:starter`?")


OUTSIDE = (
    "`policy` under `[tool.weighbridge]` names no file of this repository: expected a shipped pack or a relative path"
)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('policy = "../policy.yaml"', f"{OUTSIDE} inside the repository"),
        ('policy = "/etc/policy.yaml"', f"{OUTSIDE} inside the repository"),
        ("policy = 5", f"{OUTSIDE} inside the repository"),
        (
            'polcy = "a.yaml"',
            '`[tool.weighbridge]` holds something else than `policy`: expected `policy = "…"` alone;'
            " `polcy` is no key of it; did you mean `policy`?",
        ),
        ("policy = ", "no TOML: Invalid value (at line 2, column 10): expected a TOML file"),
    ],
)
def test_a_project_names_a_file_of_its_repository_or_the_run_ends(table, said):
    pyproject(f"[tool.weighbridge]\n{table}\n")
    assert problem_of(choose, None, None, Path("repo")) == f"repo/pyproject.toml: error: {said}"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("tool.weighbrige", "tool.weighbrige"),
        ("tool.Weighbridge", "tool.Weighbridge"),
        ("tool.weigh-bridge", "tool.weigh-bridge"),
        ('tool."w\\u0065ighbridgee"', "tool.weighbridgee"),
        ("weighbridge", "weighbridge"),
        ("weighbrigde", "weighbrigde"),
    ],
)
def test_a_table_whose_name_is_nearly_ours_is_refused(table, said):
    pyproject(f'[{table}]\npolicy = "own.yaml"\n')
    expected = f"a table `[{said}]` is not read: expected `[tool.weighbridge]`"
    assert expected in problem_of(choose, None, None, Path("repo"))


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "weighbridge"\n',
        "[tool.bridge]\n",
        '[tool.ruff]\nsrc = ["weighbrige"]\n',
        "weighbridge = 1\n",
    ],
)
def test_a_name_elsewhere_chooses_nothing(text):
    pyproject(text)
    assert choose(None, None, Path("repo")).chosen_by is ChosenBy.DEFAULT


def test_a_table_that_is_none_is_refused():
    pyproject("[tool]\nweighbridge = 5\n")
    assert "holds something else than `policy`" in problem_of(choose, None, None, Path("repo"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tool = 1 # weighbridge", "`tool` is no table: expected tables such as `[tool.weighbridge]`"),
        ("[[tool]]\nweighbridge = {}", "`tool` is no table: expected tables such as `[tool.weighbridge]`"),
        (f"weighbridge = {'9' * 5000}", "no TOML: a number of thousands of digits: expected a TOML file"),
        (f"weighbridge = {'[' * 3000}", "no TOML: nested too deep: expected a TOML file"),
    ],
    ids=["a number", "a list of tables", "digits", "depth"],
)
def test_a_file_that_is_no_pyproject_is_refused(text, said):
    pyproject(text + "\n")
    assert problem_of(choose, None, None, Path("repo")) == f"repo/pyproject.toml: error: {said}"


def test_a_table_whose_name_is_written_with_escapes_counts():
    pyproject('[tool."weigh\\u0062ridge"]\npolicy = "own.yaml"\n')
    assert choose(None, None, Path("repo")) == Choice("repo/own.yaml", ChosenBy.PROJECT)


def test_a_project_has_a_layer_where_its_file_is_there():
    assert project_layer(Path("repo")) is None
    layer = Path("repo/weighbridge-policy.yaml")
    layer.symlink_to("gone.yaml")
    assert project_layer(Path("repo")) == layer
    layer.unlink()
    layer.mkdir()
    assert project_layer(Path("repo")) == layer


@pytest.mark.parametrize("name", ["weighbridge-policy.yml", "weighbridge_policy.yaml", "weighbridge_policy.yml"])
def test_a_layer_under_another_name_is_refused(name):
    Path("repo", name).write_text("rules: {}\n")
    assert problem_of(project_layer, Path("repo")) == (
        f"{name}: error: a project's policy of this name is not read: expected weighbridge-policy.yaml"
    )
