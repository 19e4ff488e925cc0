"""Recognise a licence text: exactly which licence and version it is, or what it looks like.

Exit code 0 says that every licence file is one known text, 3 that one of them is not. Layout, markup and the names of
copyright holders do not matter; any other difference does.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from checker.commands import _values
from checker.console import Console
from checker.document.as_json import dumps
from checker.document.errors import InputError, visible
from checker.document.read import read_bytes
from checker.exit_code import ExitCode
from checker.licenses.identify import Found, Identified, LooksLike, Unrecognised, identify

MAX_BYTES = 4 * 2**20
"""The largest file that is read: no licence has more."""
NAMES = ("license", "licence", "copying", "unlicense", "use_policy", "model_license", "terms")
"""How the names of files begin or end that a folder is searched for."""
NO_TEXTS = (".json", ".yaml", ".yml", ".toml", ".py", ".js", ".ts", ".safetensors", ".gguf", ".bin", ".png", ".svg")


def configure(parser: ArgumentParser) -> None:
    """Add the options of `license identify`."""
    parser.add_argument(
        "paths", nargs="+", type=_values.path, metavar="FILE|DIR", help="licence texts, or folders that hold some"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a file and line")


def run(args: Namespace, console: Console) -> int:
    """Recognise every file, in the order of the arguments, a folder's by name."""
    found = [(path, identify(_text(path))) for argument in args.paths for path in _files(Path(argument))]
    for path, result in found:
        line = dumps(_record(path, result), ensure_ascii=False) if args.json else _sentence(path, result)
        console.out.write(f"{line}\n")
    return ExitCode.OK if _is_answered([result for _, result in found]) else ExitCode.UNKNOWN


def _is_answered(results: list[Found]) -> bool:
    """Whether every licence is known; a use policy beside one is no licence and leaves nothing open."""
    licenses = [result for result in results if not (isinstance(result, Unrecognised) and result.is_use_policy)]
    return bool(licenses) and all(isinstance(result, Identified) for result in licenses)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    named = sorted(child for child in path.iterdir() if child.is_file() and _is_named_so(child))
    if not named:
        raise InputError.one(
            "the folder holds no licence file", expected="LICENSE, LICENSE.txt, COPYING or the like", file=str(path)
        )
    yield from named


def _is_named_so(path: Path) -> bool:
    name, stem = path.name.casefold(), path.stem.casefold().replace("-", "_")
    return not name.endswith(NO_TEXTS) and any(stem.startswith(known) or stem.endswith(known) for known in NAMES)


def _text(path: Path) -> str:
    content = read_bytes(path, path.as_posix(), MAX_BYTES)
    # Old texts are written in Latin-1; no byte of it that is no letter counts.
    return content.decode("utf-8-sig", errors="replace") if b"\x00" not in content else ""


def _sentence(path: Path, result: Found) -> str:
    match result:
        case Identified(license_id, version, by, policy):
            more = f" ({version})" if version else ""
            return visible(f"{path}: {license_id}{more}, by {by}{f', with the {policy}' if policy else ''}")
        case LooksLike(license_id, differs):
            return visible(f"{path}: unrecognised, looks like {license_id}: {'; '.join(differs)}")
        case _:
            return visible(f"{path}: unrecognised: {result.reason}")


def _record(path: Path, result: Found) -> dict[str, object]:
    verdict = {Identified: "identified", LooksLike: "looks-like"}.get(type(result), "unrecognised")
    return {"file": path.as_posix(), "verdict": verdict, **result._asdict()}
