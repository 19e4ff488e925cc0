"""Say what this machine has for models to run on, or what a GPU or a cloud instance of that name has.

Exit code 0 says that there is a GPU, or that the name is known; 1 that there is none, or that the manifest states other
hardware; 2 unusable input; 3 that a GPU may be there and could not be asked.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from checker.commands._values import path
from checker.console import Console
from checker.document.as_json import dumps
from checker.document.digits import whole
from checker.document.errors import InputError
from checker.document.write import replace_file
from checker.exit_code import ExitCode

EXAMPLES = """\
examples:
  weighbridge hardware                               the GPUs of this machine, and what a manifest would say
  weighbridge hardware --write model.yaml            put them into a manifest, whose comments stay
  weighbridge hardware g5.12xlarge                   a cloud instance and its GPUs
  weighbridge hardware "RTX 4090" --json             a GPU of the list
  weighbridge hardware --list-instances
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `hardware`."""
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="a GPU or a cloud instance, in the place of this machine"
    )
    parser.add_argument("--count", type=_count, metavar="N", help="how many GPUs of that name")
    parser.add_argument(
        "--write", type=path, metavar="MANIFEST", help="state it in a manifest, for all models without their own"
    )
    parser.add_argument("--replace", action="store_true", help="with --write: in the place of other hardware")
    parser.add_argument("--list-instances", action="store_true", help="the cloud instances that are known by name")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def run(args: Namespace, console: Console) -> int:
    """Answer, write where that is asked, and return the code that the answer has."""
    if args.list_instances:
        from checker.hardware.as_text import of_instances
        from checker.memory.instances import instances

        console.out.write(of_instances(instances()))
        return ExitCode.OK
    if args.count is not None and args.name is None:
        raise InputError.one("--count without a name", expected="the GPU that there are so many of", file="hardware")
    if args.replace and not args.write:
        raise InputError.one("--replace without --write", expected="the manifest to write to", file="hardware")
    return _of_name(args, console) if args.name is not None else _of_machine(args, console)


def _of_name(args: Namespace, console: Console) -> int:
    from checker.hardware import as_json, as_text
    from checker.hardware.lookup import named

    found = named(args.name, args.count)
    console.out.write(f"{dumps(as_json.of_named(found), indent=2)}\n" if args.json else as_text.of_named(found))
    return _write(args, found.keys, console) if args.write else ExitCode.OK


def _of_machine(args: Namespace, console: Console) -> int:
    from checker.hardware import as_json, as_text, declared, detect

    machine = detect()
    console.out.write(f"{dumps(as_json.of_machine(machine), indent=2)}\n" if args.json else as_text.of_machine(machine))
    found = declared(machine)
    if not found:
        if args.write:
            console.err.write(f"{args.write}: unchanged, for there is nothing to state\n")
        return ExitCode.UNKNOWN if machine.uncertain else ExitCode.BLOCKED
    if not args.write:
        return ExitCode.OK
    code = _write(args, found[0].keys, console)
    for other in found[1:]:
        name = other.gpu or other.sentence
        console.err.write(
            f"note: {name} is here too; a manifest's hardware is equal GPUs, and those with most memory stand\n"
        )
    return code


def _write(args: Namespace, keys: tuple[tuple[str, str], ...], console: Console) -> int:
    from checker.document.read import read
    from checker.hardware.write import Conflict, written

    path = Path(args.write)
    path = path / "model.yaml" if path.is_dir() else path
    result = written(read(path), keys, args.replace)
    if isinstance(result, Conflict):
        console.err.write(f"{path.as_posix()}:{result.at.line}: {result.sentence}; --replace writes it all the same\n")
        return ExitCode.BLOCKED
    if not result.changed:
        console.err.write(f"{path.as_posix()}: unchanged, it states this hardware already\n")
    else:
        replace_file(path, result.text)
        was = f" in the place of {result.before}" if result.before else ""
        console.err.write(f"{path.as_posix()}: hardware is written{was}\n")
    for line in result.own:
        console.err.write(f"note: {line}\n")
    return ExitCode.OK


def _count(written: str) -> int:
    found = whole(written)
    if found is not None and 1 <= found <= 1 << 16:
        return found
    raise ArgumentTypeError(f"`{written}` is no number of GPUs: expected 1 or more")
