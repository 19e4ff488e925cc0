#!/usr/bin/env python3
"""The one entry for a developer's habits: it sets up `.venv` by itself and then runs what was asked for.

It needs git and Python 3.11 or newer and uses the standard library alone. What it downloads it keeps in `.wheelhouse`,
so that every later run, and every test that installs something, does without a network.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence

from tools.environment import (
    LOCKS,
    ROOT,
    VENV,
    Stop,
    digest,
    own_environment,
    program,
    run,
    say,
    setup,
    stock_wheelhouse,
)
from tools.extra_tests import (
    COVERAGE,
    EXTRA_TESTS,
    mirror_environment,
    node_folder,
    pytest,
    test_with_extras,
    trace_environment,
)

AUDIT_LOCK = "requirements/audit.txt"
AUDIT_VENV = ROOT / ".venv-audit"
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


def audit_environment() -> bool:
    """Whether `.venv-audit` holds the tools of an audit, by their lock."""
    needs = ("--require-hashes", "--no-deps", "--requirement", AUDIT_LOCK)
    return own_environment(AUDIT_VENV, needs, "60 MB", digest(ROOT / AUDIT_LOCK))


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
    return 0 if audit_environment() and release.bill_of_materials(ROOT / "dist", AUDIT_VENV) else 1


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
