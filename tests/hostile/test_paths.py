"""Every name that becomes a path, with every way out of its folder: refused with a place, or without any effect."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from checker.document.errors import InputError
from checker.document.inside import is_plain, leads_out, refuse_link_out
from checker.facts.locked.file import digest_of
from tests.hostile import oracles
from tests.hostile.payloads import as_yaml
from tests.in_process import weighbridge  # noqa: F401
from tests.repository import Repository

SECRET = "zq-secret-of-this-machine"
OUT = (
    "../outside",
    "../outside/f",
    "a/../../outside/f",
    "./../outside/f",
    "/OUTSIDE/f",
    "./link",
    "./linked/f",
    "./round",
)
"""Paths that lead out of the repository; `OUTSIDE` is the folder beside it."""
WAYS = (
    *OUT,
    "file:///OUTSIDE/f",
    "..\\outside\\f",
    ".\\..\\outside\\f",
    "C:\\f",
    "C:f",
    "\\\\host\\share\\f",
    "//host/share/f",
    "~/f",
    "$HOME/f",
    "%2e%2e/outside/f",
    "..%2foutside%2ff",
    "link",
    "linked/f",
    "round",
    "con",
    "NUL",
    "a:b",
    "a\0b",
    "-rf",
    "f" * 5000,
    "/".join("f" * 300),
    "\ud7ff\u202e",
    " ",
    ".",
    "..",
    ".git/config",
)
"""And names that may be one somewhere, or that a system does not have."""
QWEN = "Qwen/Qwen2.5-7B-Instruct"
LICENSE_RULES = "rules: {license-known: advisory, license-obligations: advisory, baseline-recorded: advisory}"
MANIFEST = f"weighbridge: 1\nowner: t\nmodels:\n  - {{name: a, model: {QWEN}, objective: chat, "


class Named(NamedTuple):
    """A place that takes a path, and the command that follows it."""

    name: str
    files: dict[str, str]
    """`WAY` stands for the path, as YAML writes it."""
    command: str
    refuses: bool = True
    """Whether a path that leads out is bad input; else nothing comes of it."""


HARMLESS = frozenset((0, 1, 2, 3))
"""What leads nowhere may be reported, or be somebody's name for something else; nothing outside is read."""
PLACES = (
    Named("a local model", {"model.yaml": "weighbridge: 1\nmodels: [{model: WAY, objective: chat}]\n"}, "check"),
    Named(
        "its lock",
        {"model.yaml": "weighbridge: 1\nmodels: [{model: WAY, objective: chat}]\n"},
        "lock --offline",
        refuses=False,
    ),
    Named("loaded weights", {"model.yaml": MANIFEST + "deployment: {weights: {model: WAY}}}\n"}, "check"),
    Named("a parent", {"model.yaml": MANIFEST + "derived_from: [WAY]}\n"}, "check", refuses=False),
    Named("a baseline", {"model.yaml": MANIFEST + "baseline: WAY}\n"}, "check", refuses=False),
    Named(
        "a place of a duty",
        {"model.yaml": MANIFEST + "obligations: {duty: notice, where: WAY}}\n"},
        "check",
        refuses=False,
    ),
    Named(
        "evidence",
        {"model.yaml": MANIFEST + "known: {license: {value: mit, evidence: WAY}}}\n"},
        "check",
        refuses=False,
    ),
    Named(
        "what a policy extends",
        {"policy.yaml": f"policy: p\nversion: 1\nextends: WAY\n{LICENSE_RULES}\n"},
        "check --policy policy.yaml",
    ),
    Named(
        "facts of a policy",
        {"policy.yaml": f"policy: p\nversion: 1\nfacts: WAY\n{LICENSE_RULES}\n"},
        "check --policy policy.yaml",
    ),
    Named(
        "waivers of a policy",
        {"policy.yaml": f"policy: p\nversion: 1\nwaivers: {{file: WAY}}\n{LICENSE_RULES}\n"},
        "check --policy policy.yaml",
        refuses=False,
    ),
    Named("a policy that the project chooses", {"pyproject.toml": "[tool.weighbridge]\npolicy = WAY\n"}, "check"),
    Named(
        "cases of a policy",
        {
            "policy.yaml": f"policy: p\nversion: 1\n{LICENSE_RULES}\n",
            "policy.test.yaml": "weighbridge_policy_tests: 1\ncases_of: WAY\n",
        },
        "policy test policy.yaml",
    ),
    Named(
        "a pinned folder",
        {"model.yaml": "weighbridge: 1\nmodels: [{name: a, model: WAY, objective: chat}]\n"},
        "get a.model",
        refuses=False,
    ),
)


def written(way: str, outside: Path) -> str:
    """A way out as YAML writes it."""
    return as_yaml(way.replace("/OUTSIDE", outside.as_posix()))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with links that lead out of it, and something to read beside it."""
    folder, outside = tmp_path / "repository", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    Repository(folder)
    for name in ("f", "config.json", "README.md", "policy.yaml", "model.yaml"):
        (outside / name).write_text(f"license: {SECRET}\n# {SECRET}\n")
    for link, target in (("link", outside / "f"), ("linked", outside), ("round", Path("round"))):
        (folder / link).symlink_to(target)
    (folder / "model.yaml").write_text(MANIFEST + "revision: main}\n")
    return folder


def state(folder: Path) -> dict[str, bytes]:
    """Everything that lies beside the repository, empty folders too."""
    return {path.as_posix(): path.read_bytes() if path.is_file() else b"" for path in sorted(folder.rglob("*"))}


@pytest.mark.parametrize("place", [pytest.param(place, id=place.name) for place in PLACES])
def test_no_name_leads_out_of_the_repository(place: Named, repository: Path, weighbridge):  # noqa: F811
    outside = repository.parent / "outside"
    before = state(outside)
    for way in WAYS:
        for name, text in place.files.items():
            (repository / name).write_text(text.replace("WAY", written(way, outside)))
        run = weighbridge(*place.command.split(), cwd=repository)
        said = run.out + run.err
        assert run.code in HARMLESS, (way[:80], said[-600:])
        if way in OUT and place.refuses:
            assert run.code == 2, (way, said[-600:])
        assert SECRET not in said, (way[:80], said[-600:])
        assert list(oracles.terminal(said)) == [], way[:80]
        (repository / "model.lock").unlink(missing_ok=True)
    assert state(outside) == before


def test_what_is_named_inside_is_read(repository: Path, weighbridge):  # noqa: F811
    (repository / "NOTICE").write_text("a notice\n")
    (repository / "base.yaml").write_text(f"policy: base\nversion: 1\n{LICENSE_RULES}\n")
    (repository / "policy.yaml").write_text(f"policy: p\nversion: 1\nextends: ./base.yaml\n{LICENSE_RULES}\n")
    (repository / "model.yaml").write_text(MANIFEST + "obligations: {duty: notice, where: ./NOTICE}}\n")
    assert weighbridge("check", "--policy", "policy.yaml", cwd=repository).code == 0


@pytest.mark.parametrize(
    "name",
    ["model.lock", "model.yaml", "pyproject.toml", "model.calibration.json", "waivers.yaml", "weighbridge-policy.yaml"],
)
def test_a_file_beside_the_manifest_is_no_link_out(name, repository: Path, weighbridge):  # noqa: F811
    policy = (
        "policy: p\nversion: 1\nwaivers: {from: project, approvers: [a@b.example]}\nrules: {license-known: advisory}\n"
    )
    (repository / "policy.yaml").write_text(policy)
    (repository / name).unlink(missing_ok=True)
    (repository / name).symlink_to(repository.parent / "outside" / "f")
    for options in ((), ("--policy", "policy.yaml")):
        run = weighbridge("check", "model.yaml", *options, cwd=repository)
        assert run.code in HARMLESS, run.out + run.err
        assert SECRET not in run.out + run.err
        if bool(options) is (name == "waivers.yaml") and "calibration" not in name:  # which few rules ask for
            assert run.code == 2, run.out + run.err


WRITERS = (
    ("check . --output sarif=OUT", {}),
    ("check . --output text=OUT", {}),
    ("check . --record OUT", {}),
    ("select --objective chat --output csv=OUT", {}),
    ("bom . --format cyclonedx-1.6 -o OUT", {}),
    ("license notices model.yaml -o OUT", {}),
    ("audit . --output json=OUT", {}),
    ("audit . --output html=OUT", {}),
    ("audit . --output csv=OUT", {}),
    ("audit . --output parquet=OUT", {}),
    ("audit . --store OUT", {}),
    ("policy impact --from weighbridge:starter --to weighbridge:enterprise . --output json=OUT", {}),
    (f"fit {QWEN} --serve --context-window 512 --gpu L4 --plot OUT", {}),
)


@pytest.mark.parametrize("command", [command for command, _ in WRITERS])
def test_a_link_does_not_choose_what_is_overwritten(command, repository: Path, weighbridge):  # noqa: F811
    outside = repository.parent / "outside"
    before = state(outside)
    folder = any(option in command for option in ("--record", "--store", "html=", "csv=OUT", "parquet="))
    for target in (
        ("linked", "linked/new", "linked/new/er")
        if folder and "select" not in command
        else ("link", "linked/f", "linked/new")
    ):
        run = weighbridge(*command.replace("OUT", target).split(), cwd=repository)
        assert (run.code, "a link leads out of the repository" in run.err) == (2, True), run.out + run.err
    assert state(outside) == before
    assert (repository / "link").is_symlink()


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("lock --offline", "model.lock"),
        ("check model.yaml --fix", "model.yaml"),
        ("scan . --write", "model.yaml"),
        ("hardware L4 --write model.yaml", "model.yaml"),
        ("init --no-input --no-scan --force --objective chat --model Qwen/Qwen2.5-7B-Instruct", "model.yaml"),
    ],
)
def test_what_is_written_back_does_not_follow_a_link_out(command, name, repository: Path, weighbridge):  # noqa: F811
    outside = repository.parent / "outside"
    text = (repository / "model.yaml").read_text().replace("revision", "license: apache 2.0, revision")
    (outside / "model.yaml").write_text(text)
    (outside / "model.lock").write_text("{}")
    before = state(outside)
    (repository / name).unlink(missing_ok=True)
    (repository / name).symlink_to(outside / name)
    (repository / "use.py").write_text('from transformers import pipeline\npipeline(model="CohereLabs/aya-23-8B")\n')
    run = weighbridge(*command.split(), cwd=repository)
    assert run.code in HARMLESS, run.err
    assert state(outside) == before


def test_verdicts_do_not_follow_a_link_out(repository: Path, weighbridge):  # noqa: F811
    (repository / "v.csv").symlink_to(repository.parent / "outside" / "f")
    run = weighbridge("select", "--objective", "chat", "--verdicts", "v.csv", cwd=repository)
    assert (run.code, "a link leads out of the repository" in run.err) == (2, True), run.err
    assert SECRET in (repository.parent / "outside" / "f").read_text()


def test_a_link_inside_the_repository_is_followed_and_stays(repository: Path, weighbridge):  # noqa: F811
    (repository / "reports").mkdir()
    (repository / "r.json").symlink_to("reports/real.json")
    assert weighbridge("check", "--output", "json=r.json", cwd=repository).code in (0, 1, 3)
    assert json.loads((repository / "reports" / "real.json").read_text())["tool"]
    assert (repository / "r.json").is_symlink()


def test_a_link_beside_no_repository_is_the_caller_s_own(tmp_path: Path):
    (tmp_path / "there").mkdir()
    (tmp_path / "here").symlink_to(tmp_path / "there")
    refuse_link_out(tmp_path / "here" / "f")


def test_a_path_that_cannot_be_followed_leads_out(repository: Path):
    assert leads_out(repository / "round", repository)
    assert leads_out(repository / "round" / "f", repository)
    assert leads_out(repository / "a\0b", repository)
    assert not leads_out(repository / "new", repository)
    with pytest.raises(InputError, match="leads out"):
        refuse_link_out(repository / "round")


def test_a_scan_reads_nothing_behind_a_link(repository: Path, weighbridge):  # noqa: F811
    outside = repository.parent / "outside"
    (outside / "use.py").write_text(f'from transformers import pipeline\npipeline(model="acme/{SECRET}")\n')
    (repository / "use.py").symlink_to(outside / "use.py")
    run = weighbridge("scan", ".", cwd=repository)
    assert SECRET not in run.out + run.err


@pytest.mark.parametrize(
    "command",
    ["check --since HEAD~1", "policy impact --from HEAD~1:p/policy.yaml --to p/policy.yaml .", "audit . --history"],
)
@pytest.mark.parametrize("above", ["..", "../..", "../../.."])
def test_a_tree_made_by_hand_writes_nothing_outside(command, above, repository: Path, monkeypatch, weighbridge):  # noqa: F811
    git = Repository(repository, is_made=True)
    policy = f"policy: p\nversion: 1\n{LICENSE_RULES}\n"
    git.put({"p/policy.yaml": policy, "model.yaml": MANIFEST + "}\n"})
    blobs = {name: git.git("hash-object", "-w", name) for name in ("p/policy.yaml", "model.yaml")}
    made = subprocess.run(
        ["git", "mktree"],
        cwd=repository,
        input="".join(
            f"100644 blob {blobs['model.yaml']}\t{name}\n" for name in ("evil.yaml", "model.lock", "model.yaml")
        ),
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.strip()
    for part in reversed(above.split("/")):
        made = _tree(repository, {part: made})
    inner = _tree(repository, {"policy.yaml": blobs["p/policy.yaml"], **_entries(repository, made)})
    tree = _tree(repository, {"model.yaml": blobs["model.yaml"], "p": inner, **_entries(repository, made)})
    first = git.git("commit-tree", tree, "-m", "by hand")
    git.git("add", "p", "model.yaml")
    second = git.git("commit-tree", git.git("write-tree"), "-p", first, "-m", "a change")
    git.git("reset", "--quiet", "--soft", second)
    before = {path for path in repository.parent.rglob("*") if ".git/" not in path.as_posix()}
    laid = repository.parent / "laid" / "below"
    laid.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(laid))
    run = weighbridge(*command.split(), cwd=repository)
    assert run.code in HARMLESS, run.out + run.err
    after = {path for path in repository.parent.rglob("*") if ".git/" not in path.as_posix()}
    assert {path.relative_to(repository.parent).as_posix() for path in after - before} <= {"laid", "laid/below"}


def _entries(repository: Path, tree: str) -> dict[str, str]:
    listed = subprocess.run(["git", "ls-tree", tree], cwd=repository, capture_output=True, encoding="utf-8", check=True)
    return {line.partition("\t")[2]: line.split()[2] for line in listed.stdout.splitlines()}


def _tree(repository: Path, entries: dict[str, str]) -> str:
    """A tree as bytes, since git's own commands refuse some names."""

    def kind(sha: str) -> str:
        asked = subprocess.run(["git", "cat-file", "-t", sha], cwd=repository, capture_output=True, check=True)
        return asked.stdout.decode().strip()

    content = b"".join(
        (b"40000 " if kind(sha) == "tree" else b"100644 ") + name.encode() + b"\0" + bytes.fromhex(sha)
        for name, sha in sorted(entries.items())
    )
    done = subprocess.run(
        ["git", "hash-object", "-t", "tree", "-w", "--literally", "--stdin"],
        cwd=repository,
        input=content,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a/b.yaml", True),
        ("..a/b..c", True),
        ("../a", False),
        ("a/../b", False),
        (".git/config", False),
        ("a/.GIT/x", False),
        ("/a", False),
        ("a\\..\\b", False),
        ("a//b", False),
        ("./a", False),
    ],
)
def test_a_path_of_a_tree_is_one_that_git_would_check_out(name, plain):
    assert is_plain(name) is plain


@pytest.mark.parametrize("file", ["../x.safetensors", "/etc/passwd", "a\\b", "a\0b", "x\ny", "C:x", "a/../b"])
def test_a_lock_names_files_and_nothing_is_opened_by_them(file, repository: Path, weighbridge):  # noqa: F811
    entry = {"model": QWEN, "commit": "a" * 40, "facts": {}, "files": [{"path": file, "size": 1, "sha256": "0" * 64}]}
    text = json.dumps({"weighbridge_lock": 1, "sha256": "", "models": [entry]})
    text = text.replace('"sha256": ""', f'"sha256": "{digest_of(text, "")}"', 1)
    (repository / "model.lock").write_text(text)
    run = weighbridge("check", cwd=repository)
    assert run.code == 2, run.out
    assert SECRET not in run.out + run.err


@pytest.mark.parametrize("shard", ["../outside/f", "/OUTSIDE/f", "a\\..\\f", "a\0b", "link", "linked/f", "sub/../../x"])
def test_an_index_of_shards_opens_none_outside_its_folder(shard, repository: Path, weighbridge):  # noqa: F811
    outside = repository.parent / "outside"
    folder = repository / "local"
    folder.mkdir()
    (folder / "link").symlink_to(outside / "f")
    (folder / "linked").symlink_to(outside)
    (folder / "config.json").write_text("{}")
    index = {"weight_map": {"a": shard.replace("/OUTSIDE", outside.as_posix())}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    (repository / "model.yaml").write_text("weighbridge: 1\nmodels: [{name: a, model: ./local, objective: chat}]\n")
    for command in ("lock --offline", "check", "fit ./local --serve --context-window 512"):
        run = weighbridge(*command.split(), cwd=repository)
        assert run.code in HARMLESS, run.out + run.err
        assert SECRET not in run.out + run.err


@pytest.mark.parametrize("name", ["a/b", "..", "../x", "a\nb", "\\x", "nul", "C:", " ", "x" * 300, "\u202ex", "<b>"])
def test_a_project_s_name_is_no_file_s_name(name, repository: Path, weighbridge):  # noqa: F811
    (repository / "model.yaml").write_text(
        f"weighbridge: 1\nproject: {as_yaml(name)}\nmodels: [{{model: {QWEN}, objective: chat}}]\n"
    )
    before = state(repository.parent / "outside")
    for command in ("audit . --output html=page --output csv=tables --store .store", "check --record journal"):
        run = weighbridge(*command.split(), cwd=repository)
        assert run.code in HARMLESS, run.out + run.err
    made = {path.name for path in repository.rglob("*") if path.is_file() and ".git" not in path.parts}
    assert all(hashlib.sha256(one.encode()) and one.isascii() and one.replace("_", "").isprintable() for one in made)
    assert state(repository.parent / "outside") == before
    assert not list(repository.parent.glob("*.html"))
