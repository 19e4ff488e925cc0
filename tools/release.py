"""What a release is made of: a tag that is the version, a changelog that tells of it, files that anybody can rebuild.

`python3 dev.py build` and `dev.py sbom` call it, and the release workflow calls `python3 tools/release.py check TAG`.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
VERSION: Final = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
SUMS: Final = "SHA256SUMS"


class Unfit(Exception):
    """This is no release; the text says what is wrong."""


# --- the papers ---


def check(tag: str, root: Path = ROOT) -> str:
    """The changelog's section of a tag's version; raises Unfit where the tag, the version or the section do not fit."""
    version = version_of(root)
    if tag != f"v{version}":
        raise Unfit(f"the tag is {tag} and the version is {version}: expected the tag v{version}")
    return section(version, (root / "CHANGELOG.md").read_text(encoding="utf-8"))


def version_of(root: Path = ROOT) -> str:
    """The version that the package states."""
    match = VERSION.search((root / "checker" / "__init__.py").read_text(encoding="utf-8"))
    if match is None:
        raise Unfit('checker/__init__.py states no version: expected a line __version__ = "…"')
    return match[1]


def section(version: str, changelog: str) -> str:
    """What a changelog tells of a version, without its heading; raises Unfit where it is missing, undated or empty."""
    parts = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    found = [part for part in parts if part.startswith(f"[{version}]")]
    if len(found) != 1:
        raise Unfit(f"CHANGELOG.md has {len(found)} sections of {version}: expected one, `## [{version}] - YYYY-MM-DD`")
    heading, _, text = found[0].partition("\n")
    if not re.fullmatch(r"\[[^\]]+\] - \d{4}-\d{2}-\d{2}", heading.strip()):
        raise Unfit(f"CHANGELOG.md heads {version} by `## {heading}`: expected `## [{version}] - YYYY-MM-DD`")
    text = re.split(r"^\[[^\]]+\]: ", text, flags=re.MULTILINE)[0].strip()
    if not re.search(r"^- ", text, re.MULTILINE):
        raise Unfit(f"CHANGELOG.md says nothing of {version}: expected at least one entry")
    return text + "\n"


# --- the files ---


def build(out: Path) -> int:
    """Build sdist and wheel of the commit at HEAD into a folder of their own, and print their SHA-256."""
    epoch = git("log", "-1", "--format=%ct").decode().strip()
    if git("status", "--porcelain", "--untracked-files=no"):
        print("release: what is not committed is not built", file=sys.stderr)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    with tempfile.TemporaryDirectory() as temporary:
        with tarfile.open(fileobj=io.BytesIO(git("archive", "HEAD"))) as archive:
            archive.extractall(temporary, filter="data")
        build_tree(Path(temporary), out, os.environ.get("SOURCE_DATE_EPOCH", epoch))
    print(write_sums(out), end="")
    return 0


def write_sums(out: Path) -> str:
    """Write the SHA-256 of each file of a folder into it, in the form that `sha256sum --check` reads."""
    files = sorted(path for path in out.iterdir() if path.name != SUMS)
    sums = "".join(f"{sha256(path)}  {path.name}\n" for path in files)
    (out / SUMS).write_text(sums, encoding="utf-8", newline="\n")
    return sums


def build_tree(tree: Path, out: Path, epoch: str, python: str | None = None) -> None:
    """Build the sdist of a tree, and from what that holds the wheel, by the hatchling that is installed.

    `epoch` is the time that both carry inside, in seconds since 1970; nothing else of the time or the place gets in.
    """
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch}
    hatchling = [python or _python_of_the_environment(), "-I", "-m", "hatchling", "build", "--directory", str(out)]
    subprocess.run([*hatchling, "--target", "sdist"], cwd=tree, env=environment, check=True, stdout=sys.stderr)
    (sdist,) = out.glob("*.tar.gz")
    with tempfile.TemporaryDirectory() as temporary:
        with tarfile.open(sdist) as archive:
            archive.extractall(temporary, filter="data")
        (unpacked,) = Path(temporary).iterdir()
        subprocess.run([*hatchling, "--target", "wheel"], cwd=unpacked, env=environment, check=True, stdout=sys.stderr)


def bill_of_materials(out: Path, tools: Path) -> bool:
    """Write what a folder's wheel brings along, at the locked versions, as CycloneDX beside it; whether it could.

    `tools` is the virtual environment that holds what writes it.
    """
    from tools.environment import LOCKS, WHEELHOUSE, Stop, program, run, stock_wheelhouse

    wheels = list(out.glob("*.whl"))
    if len(wheels) != 1:
        raise Stop(f"{out.name}/ holds {len(wheels)} wheels: `python3 dev.py build` makes one")
    (wheel,) = wheels
    target = out / f"{wheel.name.split('-py3')[0]}.cdx.json"
    with tempfile.TemporaryDirectory() as temporary:
        venv, constraints = Path(temporary) / "venv", Path(temporary) / "constraints.txt"
        lock = (ROOT / LOCKS["run"]).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9-]+==[^\\\n]+", lock, re.MULTILINE)
        constraints.write_text("\n".join(pins) + "\n", encoding="utf-8")
        python = program("python", venv)
        offline = ("--no-index", "--find-links", str(WHEELHOUSE), "--constraint", str(constraints))
        stock_wheelhouse("run")
        failed = (
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=False).returncode
            or run("python", "-m", "pip", "--python", python, "install", "--quiet", *offline, str(wheel))
            or run(
                *("cyclonedx-py", "environment", "--output-reproducible", "--spec-version", "1.6"),
                *("--pyproject", "pyproject.toml", "--mc-type", "application", "--output-file", str(target), python),
                venv=tools,
            )
        )
    if failed:
        return False
    state_version(target, version_of())
    write_sums(out)
    return True


def state_version(path: Path, version: str) -> None:
    """Put the version into a bill's own component; the tool finds none, for pyproject.toml leaves it to the package."""
    bill = json.loads(path.read_bytes())
    bill["metadata"]["component"] |= {"version": version, "purl": f"pkg:pypi/weighbridge@{version}"}
    path.write_text(json.dumps(bill, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def git(*arguments: str) -> bytes:
    """What git prints, run in the repository."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout


def sha256(path: Path) -> str:
    """The digest of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _python_of_the_environment() -> str:
    from tools.environment import program

    return program("python")


def main(argv: Sequence[str]) -> int:
    """`check TAG [--notes FILE]`: 0 where the tag can be released, 1 and a sentence where not."""
    parser = argparse.ArgumentParser(prog="tools/release.py")
    commands = parser.add_subparsers(required=True)
    checking = commands.add_parser("check", help="whether a tag can be released")
    checking.add_argument("tag")
    checking.add_argument("--notes", type=Path, help="where to write what the changelog says of the version")
    call = parser.parse_args(argv)
    try:
        notes = check(call.tag)
    except Unfit as unfit:
        print(f"release: {unfit}", file=sys.stderr)
        return 1
    if call.notes:
        call.notes.write_text(notes, encoding="utf-8", newline="\n")
    print(f"release: {call.tag} is the version, and the changelog tells of it")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
