#!/usr/bin/env python3
"""The one entry for a developer's habits: it sets up `.venv` by itself and then runs what was asked for.

It needs git and Python 3.11 or newer and uses the standard library alone. What it downloads it keeps in `.wheelhouse`,
so that every later run, and every test that installs something, does without a network.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / os.environ.get("DEV_VENV", ".venv")
"""`dev.py pythons` gives each Python an environment of its own."""
STAMP = VENV / "dev-stamp.json"
WHEELHOUSE = ROOT / ".wheelhouse"
LOCKS = {"run": "requirements/run.txt", "dev": "requirements/dev.txt"}
"""What is installed: `run` for the demo, `dev` for everything else. `dev` holds all of `run` at the same versions."""
AUDIT_LOCK = "requirements/audit.txt"
AUDIT_VENV = ROOT / ".venv-audit"
COVERAGE = 95
"""Per cent of `checker/`, statements and branches, that the suite must reach."""
TRACE_VENV = ROOT / ".venv-trace"
TRACE_TESTS = "tests/memory/trace"
TRACE_NEEDS = ("torch==2.13.0", "transformers==5.24.0", "peft==0.21.2", "pytest>=9,<10", "pytest-cov>=7,<8")
"""What the tests of the tracer run on; outside the locks, since the index decides which build of torch it is."""
NODE_FOLDER = ROOT / ".node"
NODE_NEEDS = (
    "@microsoft/sarif-multitool-linux@5.7.0",
    "yaml-language-server@1.25.0",
    "puppeteer-core@24.43.1",
    "axe-core@4.14.1",
    "@cyclonedx/cyclonedx-library@10.3.0",
    *("ajv@8.20.0", "ajv-formats@3.0.1", "ajv-formats-draft2019@1.6.1"),
)
"""What the tests marked `node` start; outside the locks, and in a folder of its own."""
MIRROR_VENV = ROOT / ".venv-mirror"
MIRROR_NEEDS = ("olah==0.5.4",)
"""A mirror of the Hub that serves local git repositories; its web framework and old clients stay out of the locks."""
MADE_PAGES = ("rules", "reference")
"""The folders of the documentation that are made from the code."""
SITE_CONFIG = ".zensical.toml"
"""What the site is built by: `tools/site.py` makes it of zensical.toml and the first page; git ignores it."""
FUZZ_VENV = ROOT / ".venv-fuzz"
FUZZ_NEEDS = ("atheris==3.0.0", "regexploit==1.0.0")
"""The fuzzer, and what looks at regular expressions: what they try they see in `.venv`."""
MUTANTS_VENV = ROOT / ".venv-mutants"
MUTANTS_NEEDS = ("mutmut==3.8.1",)
"""What makes mutants; it only reads the sources, and the tests run on each mutant in `.venv`."""
WORKFLOWS = (".github", "action.yml", "examples/ci", ".pre-commit-config.yaml", ".pre-commit-hooks.yaml")
"""What runs on hosts of code, here or copied by others; zizmor reads it."""
PAGE_WRITERS = (
    *("documentation.page", "documentation.picture", "hooks.tutorial", "worked.page", "selection.page"),
    "packaging.fit_page",
)
"""Modules of the tests that write the output in pages."""
README_BEGIN = "<!-- demo: begin (`python3 dev.py readme` writes this block, and a test compares it) -->"
README_END = "<!-- demo: end -->"


class Stop(Exception):
    """Set-up cannot go on; the text tells a person why and what to do."""


class Extra(NamedTuple):
    """A tool beyond Python and git that tests of one marker need."""

    programs: tuple[str, ...]
    """Any of these on the PATH will do; none for what runs in an environment of its own."""
    advice: str


EXTRAS = {
    "browser": Extra(("chromium", "chromium-browser", "google-chrome", "chrome", "msedge"), "install Chromium"),
    "node": Extra(("npm",), "install Node.js 20 or newer, with npm"),
    "tracer": Extra((), "pip must reach an index, once, for .venv-trace"),
    "mirror": Extra((), "pip must reach an index, once, for .venv-mirror"),
}
EXTRA_TESTS = " or ".join(EXTRAS)


class Stamp(NamedTuple):
    """What `.venv` is, noted inside it when its set-up has finished."""

    made: str
    """The digest of what it was made from."""
    python: str
    """The version text of its interpreter."""
    holds: tuple[str, ...]
    """The locks that are installed."""


# --- setting up ---


def setup(level: str) -> None:
    """Make `.venv` hold what the lock `level` names and Weighbridge itself, editable; quick when it already does."""
    stamp = read_stamp()
    if stamp is None or stamp.made != made_from() or not venv_runs(stamp):
        make_venv()
        stamp = Stamp(made_from(), sys.version, ())
    if level in stamp.holds:
        return
    install(level)
    say("installing weighbridge itself, editable")
    pip("install", "--no-index", "--no-build-isolation", "--no-deps", "--editable", ".", because="the build failed")
    stamp = stamp._replace(holds=held_with(level))
    STAMP.write_text(json.dumps(stamp._asdict(), indent=1), encoding="utf-8")


def held_with(level: str) -> tuple[str, ...]:
    """The locks that whoever has this one has."""
    return tuple(LOCKS) if level == "dev" else (level,)


def read_stamp() -> Stamp | None:
    """What `setup` noted when it last finished, or None where it never did."""
    try:
        return Stamp(**json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def made_from() -> str:
    """A digest of everything that a virtual environment depends on; another digest means another environment."""
    import tomllib  # not at the top: an older Python shall reach the message that says so

    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [sys.version, str(VENV), json.dumps([table["build-system"], table["project"]], sort_keys=True)]
    parts += [digest(ROOT / lock) for lock in LOCKS.values()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def venv_runs(stamp: Stamp) -> bool:
    """Whether the interpreter in `.venv` starts and is the one that made it."""
    try:
        answer = subprocess.run(
            [program("python"), "-c", "import sys; print(sys.version, end='')"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout == stamp.python


def make_venv() -> None:
    """Replace `.venv` by a new one of the running Python."""
    if VENV.exists():
        if os.name == "nt" and Path(sys.prefix) == VENV:
            raise Stop(".venv must be made anew and cannot be while its own Python runs: use the Python that made it")
        say(".venv is of another Python, another lock or broken: making it anew")
        if VENV.is_dir() and not VENV.is_symlink():
            shutil.rmtree(VENV)
        else:
            VENV.unlink()
    else:
        say(f"making .venv with Python {sys.version.split()[0]}")
    python = getattr(sys, "_base_executable", "") or sys.executable
    if subprocess.run([python, "-m", "venv", str(VENV)], check=False).returncode:
        raise Stop("cannot make .venv: this Python lacks `venv` (Debian and Ubuntu: apt install python3-venv)")


def install(level: str) -> None:
    """Install a lock from the wheelhouse, filling that first where it is not complete."""
    stock_wheelhouse(level)
    say("installing from .wheelhouse")
    if not pip_works(*install_from_wheelhouse(level)):
        # A wheel was removed by hand, or is damaged: fetch what is missing, and say it if that fails too.
        fill_wheelhouse(level)
        pip(*install_from_wheelhouse(level), because="the wheelhouse is complete and does not install")


def install_from_wheelhouse(level: str) -> tuple[str, ...]:
    """The pip command that installs a lock without a network."""
    return (
        "install",
        "--no-index",
        "--find-links",
        str(WHEELHOUSE),
        "--no-deps",
        "--require-hashes",
        "-r",
        LOCKS[level],
    )


def stock_wheelhouse(level: str) -> None:
    """Fill the wheelhouse where it is not complete."""
    if not wheelhouse_mark(level).is_file():
        fill_wheelhouse(level)


def fill_wheelhouse(level: str) -> None:
    """Download the wheels of a lock for this Python and platform."""
    say(f"downloading {LOCKS[level]} into .wheelhouse (once)")
    pip(
        *("download", "--only-binary", ":all:", "--no-deps", "--require-hashes", "-r", LOCKS[level]),
        *("--dest", str(WHEELHOUSE)),
        because="the first run needs the network, or a wheelhouse that another machine like this one has filled",
    )
    for filled in held_with(level):
        mark = wheelhouse_mark(filled)
        mark.parent.mkdir(exist_ok=True)
        mark.touch()


def wheelhouse_mark(level: str) -> Path:
    """The file that says: the wheels of this very lock are all here, for this Python and platform."""
    import sysconfig

    platform = f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}"
    return WHEELHOUSE / ".complete" / f"{level}-{platform}-{digest(ROOT / LOCKS[level])[:16]}"


def pip_works(*arguments: str) -> bool:
    """Run pip in `.venv`; whether it succeeded."""
    return run("python", "-m", "pip", "--disable-pip-version-check", *arguments, "--quiet") == 0


def pip(*arguments: str, because: str) -> None:
    """Run pip in `.venv`; where it fails, stop, and say why that may be."""
    if not pip_works(*arguments):
        raise Stop(f"`pip {' '.join(arguments)}` failed: {because}")


# --- running ---


def program(name: str, venv: Path | None = None) -> str:
    """The path of a program that is installed in `.venv`, or in another virtual environment."""
    venv = venv or VENV
    return str(venv / "Scripts" / f"{name}.exe") if os.name == "nt" else str(venv / "bin" / name)


def run(name: str, *arguments: str, venv: Path | None = None) -> int:
    """Run a program of `.venv` at the repository's root and return its exit code; it sees `.venv` first on its PATH."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "PYTHONPATH")}
    environment["VIRTUAL_ENV"] = str(venv or VENV)
    environment["PATH"] = os.pathsep.join((str(Path(program(name, venv)).parent), os.environ.get("PATH", "")))
    sys.stdout.flush()
    code = subprocess.run([program(name, venv), *arguments], cwd=ROOT, env=environment, check=False).returncode
    return code if code >= 0 else 128 - code


def in_utf8(weighbridge: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `weighbridge` at the repository's root, by no policy from outside, and keep what it prints."""
    outside = ("WEIGHBRIDGE_POLICY", "FORCE_COLOR")
    environment = {name: value for name, value in os.environ.items() if name not in outside}
    return subprocess.run(
        [weighbridge, *arguments],
        cwd=ROOT,
        env=environment | {"PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )


def say(text: str) -> None:
    """Tell the person what happens, apart from what the programs print."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


# --- the habits ---


def demo(arguments: Sequence[str]) -> int:
    """Check two example projects: one passes, one is stopped."""
    setup("run")
    met = True
    for shown, as_expected in demonstrated(program("weighbridge"), arguments):
        print(shown)
        met = met and as_expected
    say("both verdicts are as expected" if met else "a verdict is NOT as expected: 0 for passes, 1 for stopped")
    return 0 if met else 1


def demonstrated(weighbridge: str, arguments: Sequence[str] = ()) -> Iterator[tuple[str, bool]]:
    """What the demo shows of each example, and whether its verdict is the expected one."""
    for example, expected in (("passes", 0), ("stopped", 1)):
        command = ["check", f"examples/{example}", *arguments]
        done = in_utf8(weighbridge, *command)
        shown = f"$ weighbridge {' '.join(command)}\n{done.stdout}$ echo $?\n{done.returncode}\n"
        yield shown, done.returncode == expected


def test(arguments: Sequence[str]) -> int:
    """Run the tests that Python and git alone can run, with coverage; --extra: those that need more; --all: every one.

    Other arguments go to pytest.
    """
    setup("dev")
    stock_wheelhouse("dev")
    for wanted in ("--all", "--extra"):
        if wanted in arguments:
            return test_with_extras([one for one in arguments if one != wanted], ordinary=wanted == "--all")
    coverage = ["--cov", "--cov-report=term", f"--cov-fail-under={COVERAGE}"]
    if arguments:
        say("a part of the suite says nothing about coverage: not measured")
    return pytest("-m", f"not ({EXTRA_TESTS})", *(arguments or coverage))


def test_with_extras(arguments: Sequence[str], *, ordinary: bool) -> int:
    """The tests that need more than Python and git, without coverage; `ordinary`: all others beside them.

    `-m MARKER` with one of the markers alone runs its tests alone. A tool that tests need and this machine lacks is
    named and makes this fail.
    """
    alone = next((marker for marker in EXTRAS if list(arguments) == ["-m", marker] and not ordinary), None)
    if alone is not None:
        arguments, needed = (), [alone]
    else:
        needed = [marker for marker in EXTRAS if files_with(marker)]
    missing = [
        marker for marker in needed if EXTRAS[marker].programs and not any(map(shutil.which, EXTRAS[marker].programs))
    ]
    if not needed:
        say(f"no test needs more than Python and git yet (markers {', '.join(EXTRAS)})")
    if "node" in needed and "node" not in missing and not node_folder():
        missing.append("node")
    elsewhere = [marker for marker in EXTRAS if not EXTRAS[marker].programs]
    here = [marker for marker in needed if marker not in (*missing, *elsewhere)]
    code = 0
    if ordinary:
        code = pytest("-m", f"not ({' or '.join(missing + elsewhere)})", *arguments)
    elif here:
        # A test that needs two tools bears both markers, and runs where neither is missing.
        without = f" and not ({' or '.join(missing)})" if missing else ""
        files = sorted({file for marker in here for file in files_with(marker)})
        code = pytest("-m", f"({' or '.join(here)}){without}", *files, *arguments)
    for marker, is_ready, run_tests in (
        ("tracer", trace_environment, trace_tests),
        ("mirror", mirror_environment, mirror_tests),
    ):
        if marker not in needed:
            continue
        if is_ready():
            code = run_tests() or code
        else:
            missing.append(marker)
    for marker in missing:
        what = " or ".join(EXTRAS[marker].programs) or "an environment of their own"
        say(f"NOT RUN: tests marked `{marker}` need {what}: {EXTRAS[marker].advice}")
    return code or (1 if missing else 0)


def node_folder() -> bool:
    """Whether `.node` holds what the tests marked `node` start; filled where it does not."""
    stamp = NODE_FOLDER / "dev-stamp.txt"
    wanted = "\n".join(NODE_NEEDS)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return True
    say(f"filling {NODE_FOLDER.name}: {', '.join(NODE_NEEDS)} (200 MB)")
    NODE_FOLDER.mkdir(exist_ok=True)
    # No package's scripts run: what the tests need of them they do themselves.
    npm = [shutil.which("npm") or "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"]
    if subprocess.run([*npm, "--prefix", str(NODE_FOLDER), *NODE_NEEDS], check=False).returncode:
        return False
    stamp.write_text(wanted, encoding="utf-8")
    return True


def trace_environment() -> bool:
    """Whether `.venv-trace` holds what the tests of the tracer need; made where it does not."""
    return own_environment(TRACE_VENV, TRACE_NEEDS, "1.2 GB")


def mirror_environment() -> bool:
    """Whether `.venv-mirror` holds the mirror of the Hub that tests ask; made where it does not."""
    return own_environment(MIRROR_VENV, MIRROR_NEEDS, "110 MB")


def audit_environment() -> bool:
    """Whether `.venv-audit` holds the tools of an audit, by their lock."""
    needs = ("--require-hashes", "--no-deps", "--requirement", AUDIT_LOCK)
    return own_environment(AUDIT_VENV, needs, "60 MB", digest(ROOT / AUDIT_LOCK))


def own_environment(venv: Path, needs: tuple[str, ...], size: str, *also: str) -> bool:
    """Whether an environment of its own holds these packages; made where it does not, or where `also` differs."""
    stamp = venv / "dev-stamp.txt"
    wanted = "\n".join((sys.version, *needs, *also))
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return True
    say(f"making {venv.name}: {', '.join(needs)} ({size})")
    python = getattr(sys, "_base_executable", "") or sys.executable
    for command in (
        [python, "-m", "venv", "--clear", str(venv)],
        [program("python", venv), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *needs],
    ):
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            return False
    stamp.write_text(wanted, encoding="utf-8")
    return True


def trace_tests() -> int:
    """The tests of the tracer, marked or not, with the coverage of the modules that only they can run."""
    coverage = ("--cov", "checker/memory/trace", "--cov-branch", "--cov-config", os.devnull)
    limit = ("--cov-report", "term-missing:skip-covered", f"--cov-fail-under={COVERAGE}")
    command = [program("python", TRACE_VENV), "-m", "pytest", *coverage, *limit, TRACE_TESTS]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def mirror_tests() -> int:
    """The tests that ask a mirror of the Hub; they run here, and the mirror in its own environment."""
    return pytest("-m", "mirror", *files_with("mirror"))


def files_with(marker: str) -> list[str]:
    """The test files that name a marker: collecting ten thousand tests for the sake of a handful takes too long."""
    named = (path for path in sorted((ROOT / "tests").rglob("*.py")) if path.name != "test_dev.py")
    return [path.relative_to(ROOT).as_posix() for path in named if f"mark.{marker}" in path.read_text(encoding="utf-8")]


def pytest(*arguments: str, venv: Path | None = None) -> int:
    """Run pytest on all cores; the tests of a file stay on one, because they share what is expensive to set up."""
    cores = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
    return run("python", "-m", "pytest", *cores, *arguments, venv=venv)


def lint(arguments: Sequence[str]) -> int:
    """Ruff, mypy (strict), the import contracts, and zizmor on workflows; --fix lets ruff repair what it can."""
    setup("dev")
    fix = "--fix" in arguments
    steps = {
        "ruff check": ("ruff", "check", *(["--fix"] if fix else [])),
        "ruff format": ("ruff", "format", *([] if fix else ["--check"])),
        "mypy": ("mypy",),
        "import contracts": ("lint-imports", "--no-logo"),
        "zizmor": zizmor_command("--offline"),
    }
    failed = []
    for name, command in steps.items():
        say(name)
        if run(*command):
            failed.append(name)
    say(f"NOT clean: {', '.join(failed)}" if failed else "clean")
    return 1 if failed else 0


def zizmor(arguments: Sequence[str]) -> int:
    """Read the workflows for what an attacker could use; --online: also what GitHub must be asked (GH_TOKEN)."""
    setup("dev")
    online = "--online" in arguments
    return run(*zizmor_command(*([] if online else ["--offline"]), *(one for one in arguments if one != "--online")))


def zizmor_command(*options: str) -> tuple[str, ...]:
    """How zizmor is called on our own workflows, and on what others copy."""
    return ("zizmor", "--no-progress", "--quiet", "--strict-collection", "--persona", "pedantic", *options, *WORKFLOWS)


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks, or those whose names are given."""
    setup("dev")
    found = sorted(path for path in ROOT.glob("benchmarks/*.py") if not path.name.startswith("_"))
    chosen = [path for path in found if not arguments or path.stem in arguments]
    if not chosen:
        say(f"no such benchmark; there are: {', '.join(path.stem for path in found) or 'none'}")
        return 2
    codes = [run("python", str(path.relative_to(ROOT))) for path in chosen]
    return max(codes)


def docs(arguments: Sequence[str]) -> int:
    """Write the pages that are made from the code and build the site into site/; a broken link is an error."""
    setup("dev")
    return run("python", "-m", "tools.site") or run(
        *("zensical", "build", "--strict", "--clean", "--config-file", SITE_CONFIG), *arguments
    )


def fuzz(arguments: Sequence[str]) -> int:
    """Fuzz readers and writers with atheris: [TARGET …] [--runs N] [--blind]; or --expressions: regular expressions.

    What was seen goes into fuzz/record.json and fuzz/expressions.json.
    """
    setup("dev")
    if not own_environment(FUZZ_VENV, FUZZ_NEEDS, "60 MB"):
        raise Stop("atheris cannot be installed here: it has wheels for Linux and macOS")
    import sysconfig

    installed = sysconfig.get_path("purelib", vars={"base": str(VENV), "platbase": str(VENV)})
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), installed)), "PYTHONHASHSEED": "0"}
    module = "fuzz.expressions" if "--expressions" in arguments else "fuzz.run"
    command = [program("python", FUZZ_VENV), "-m", module, *(one for one in arguments if one != "--expressions")]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def schemas(arguments: Sequence[str]) -> int:
    """Make the JSON Schemas in checker/schemas/ anew from the typed models."""
    setup("dev")
    return run("python", "-c", "import dev; dev.write_schemas()")


def write_schemas() -> None:
    """Write the schema files that ship; it imports Weighbridge, so it runs in `.venv`."""
    from checker.published import FOLDER, files

    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


def generate(arguments: Sequence[str]) -> int:
    """Write anew what the tree derives from its own files: indices, packs, schemas, tables; or parts of it."""
    setup("dev")
    return run("python", "-m", "tools.derived", *arguments)


def readme(arguments: Sequence[str]) -> int:
    """Put the demo's real output into README.md."""
    setup("dev")
    path = ROOT / "README.md"
    before, _, rest = path.read_text("utf-8").partition(README_BEGIN)
    _, _, after = rest.partition(README_END)
    sample = readme_sample(program("weighbridge"))
    path.write_text(f"{before}{README_BEGIN}\n{sample}{README_END}{after}", "utf-8", newline="\n")
    return 0


def pages(arguments: Sequence[str]) -> int:
    """Write anew what the commands in all pages print, the pictures and the README: whoever changed output runs it."""
    setup("dev")
    stock_wheelhouse("dev")
    codes = [run("python", "-m", f"tests.{writer}") for writer in PAGE_WRITERS]
    return max(codes) or readme(arguments)


def readme_sample(weighbridge: str) -> str:
    """The beginning and the end of what the demo shows of the project that is stopped."""
    *_, (shown, _) = demonstrated(weighbridge)
    head, *paragraphs, closing = shown.split("\n\n")
    findings = [paragraph for paragraph in paragraphs if ": blocks (" in paragraph]
    return "```console\n" + "\n\n".join((head, *findings[:3], "[…]", closing)) + "```\n"


def lock(arguments: Sequence[str]) -> int:
    """Lock the dependencies anew, with hashes, for all platforms; --upgrade takes newer ones, a week old at least."""
    setup("dev")
    # Most stolen releases are found within days.
    cooldown = ("--exclude-newer", "7 days") if "--upgrade" in arguments else ()
    for locked, inputs in (
        (LOCKS["dev"], ("pyproject.toml", "requirements/run.in", "requirements/dev.in")),
        (LOCKS["run"], ("pyproject.toml", "requirements/run.in", "--constraint", LOCKS["dev"])),
        (AUDIT_LOCK, ("requirements/audit.in",)),
    ):
        code = run(
            *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--custom-compile-command", "python3 dev.py lock", "--output-file", locked),
            *(*cooldown, *arguments, *inputs),
        )
        if code:
            return code
    return 0


def pythons(arguments: Sequence[str]) -> int:
    """Run the suite on each Python that pyproject.toml names; other arguments go to pytest."""
    from tools import suites

    return suites.on_each_python(arguments)


def floors(arguments: Sequence[str]) -> int:
    """Run the suite with the lowest version of each dependency that pyproject.toml admits."""
    from tools import suites

    setup("dev")
    stock_wheelhouse("dev")
    return suites.with_resolution("floors", arguments)


def newest(arguments: Sequence[str]) -> int:
    """Run the suite with the newest version of each dependency that there is today, whatever the lock says."""
    from tools import suites

    setup("dev")
    stock_wheelhouse("dev")
    return suites.with_resolution("newest", arguments)


def build(arguments: Sequence[str]) -> int:
    """Build sdist and wheel of the commit at HEAD into dist/, the same bytes each time; prints their SHA-256."""
    from tools import release

    setup("run")
    return release.build(ROOT / "dist")


def sbom(arguments: Sequence[str]) -> int:
    """Write the CycloneDX bill of materials of the wheel in dist/ beside it."""
    from tools import release

    setup("run")
    return 0 if audit_environment() and release.bill_of_materials(ROOT / "dist") else 1


def audit(arguments: Sequence[str]) -> int:
    """Ask for known vulnerabilities of everything that a lock names; what could not be asked about is a failure."""
    if not audit_environment():
        return 1
    codes = []
    for locked in (*LOCKS.values(), AUDIT_LOCK):
        say(f"pip-audit {locked}")
        asked = ("--strict", "--progress-spinner", "off", "--disable-pip", "--require-hashes", "--requirement", locked)
        codes.append(run("pip-audit", *asked, *arguments, venv=AUDIT_VENV))
    return max(codes)


def licenses(arguments: Sequence[str]) -> int:
    """Put the licences of all that Weighbridge brings along into docs/dependencies.md; refuse what is not allowed."""
    setup("dev")
    return run("python", "-m", "tools.dependency_licenses")


def catalogue(arguments: Sequence[str]) -> int:
    """Refresh the shipped catalogue from the Hub: ids, files with an id a line, or --all; says what changed."""
    setup("dev")
    return run("python", "tools/refresh_catalogue.py", *arguments)


def mutants(arguments: Sequence[str]) -> int:
    """Run the tests on drawn mutants of a package: `mutants rules --sample 500 --seed 1`; writes tests/mutation/."""
    setup("dev")
    if not own_environment(MUTANTS_VENV, MUTANTS_NEEDS, "70 MB"):
        return 1
    return run("python", "tools/mutants/run.py", "--drawn-by", program("python", MUTANTS_VENV), *arguments)


def extras(arguments: Sequence[str]) -> int:
    """Only fill the environments of the tests that need more than Python and git; no test runs."""
    return 0 if all([node_folder(), mirror_environment(), trace_environment()]) else 1


def ready(arguments: Sequence[str]) -> int:
    """Only set up .venv and .wheelhouse for everything else."""
    setup("dev")
    stock_wheelhouse("dev")
    return 0


HABITS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "zizmor": zizmor,
    "bench": bench,
    "docs": docs,
    "fuzz": fuzz,
    "schemas": schemas,
    "generate": generate,
    "readme": readme,
    "pages": pages,
    "lock": lock,
    "catalogue": catalogue,
    "mutants": mutants,
    "setup": ready,
    "extras": extras,
    "pythons": pythons,
    "floors": floors,
    "newest": newest,
    "licenses": licenses,
    "build": build,
    "sbom": sbom,
    "audit": audit,
}


def main(argv: Sequence[str]) -> int:
    """Run one habit; 0 where all is well, 1 or the program's own code where not, 2 for a wrong call."""
    habits = "\n".join(f"  {name:8} {habit.__doc__}" for name, habit in HABITS.items())
    parser = argparse.ArgumentParser(
        prog="dev.py",
        epilog=habits,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="dev.py HABIT [ARGUMENT …]",
    )
    parser.add_argument("habit", choices=HABITS, metavar="HABIT", help="one of those below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="goes to that program")
    call = parser.parse_args(argv)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a terminal may lack a character
    try:
        return HABITS[call.habit](call.arguments)
    except Stop as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older Python reads this sentence
        sys.exit(f"dev.py: Python 3.11 or newer is needed; this is {sys.version.split()[0]} ({sys.executable})")
    sys.exit(main(sys.argv[1:]))
