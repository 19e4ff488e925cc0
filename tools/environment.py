"""The environments that the habits of `dev.py` run in: `.venv` by its lock from `.wheelhouse`, and others of their own.

Only the standard library, since this makes what everything else is installed into.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / os.environ.get("DEV_VENV", ".venv")
"""`dev.py pythons` gives each Python an environment of its own."""
STAMP = VENV / "dev-stamp.json"
WHEELHOUSE = ROOT / ".wheelhouse"
LOCKS = {"run": "requirements/run.txt", "dev": "requirements/dev.txt"}
"""What is installed: `run` for the demo, `dev` for everything else. `dev` holds all of `run` at the same versions."""


class Stop(Exception):
    """Set-up cannot go on; the text tells a person why and what to do."""


class Stamp(NamedTuple):
    """What `.venv` is, noted inside it when its set-up has finished."""

    made: str
    """The digest of what it was made from."""
    python: str
    """The version text of its interpreter."""
    holds: tuple[str, ...]
    """The locks that are installed."""


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


def say(text: str) -> None:
    """Tell the person what happens, apart from what the programs print."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


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
