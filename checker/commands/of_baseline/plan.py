"""Print the command of the harness that evaluates a model before fine-tuning, each flag with its source.

Exit code 0 where there is a command for every model, 1 where weights do not fit the declared hardware, 2 unusable
input, 3 where something has to be stated first, such as the revision.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from checker.baseline.plan import Asked, Plan, plan
from checker.commands._values import path
from checker.commands.of_baseline._rendered import add_output, line
from checker.console import Console
from checker.document.as_json import dumps
from checker.document.errors import InputError
from checker.document.markdown import fenced
from checker.exit_code import ExitCode

if TYPE_CHECKING:
    from checker.manifest.hardware import Hardware
    from checker.manifest.model import Manifest, ModelEntry


_COMMIT = re.compile("[0-9a-f]{40}")


def configure(parser: ArgumentParser) -> None:
    """Add the options of `baseline plan`."""
    parser.add_argument(
        "manifest", nargs="?", default=".", type=path, metavar="MANIFEST", help="the file or its folder; default: ."
    )
    parser.add_argument("--entry", metavar="NAME", help="one entry of the manifest; default: all that are fine-tuned")
    add_output(parser)


def run(args: Namespace, console: Console) -> int:
    """Print the commands."""
    plans = tuple(plan(asked) for asked in _asked(Path(args.manifest), args.entry))
    if args.output == "json":
        console.out.write(dumps([_as_json(each) for each in plans], indent=2, ensure_ascii=True) + "\n")
    else:
        console.out.write("\n".join(_as_text(each, args.output == "markdown") for each in plans))
    if any(not each.fits for each in plans):
        return ExitCode.BLOCKED
    return ExitCode.UNKNOWN if any(each.missing for each in plans) else ExitCode.OK


def _asked(path: Path, name: str | None) -> list[Asked]:
    from checker.document.nearest import did_you_mean
    from checker.document.read import read
    from checker.manifest.load import load

    path = path / "model.yaml" if path.is_dir() else path
    manifest = load(read(path))
    names = [entry.display_name for entry in manifest.models]
    if name is not None and name not in names:
        raise InputError.one(
            f"no model is called `{name}`",
            expected=f"one of {', '.join(names)}",
            hint=did_you_mean(name, names),
            file=path.as_posix(),
        )
    wanted = [
        entry
        for entry in manifest.models
        if (entry.display_name == name if name is not None else entry.fine_tuning is not None)
    ]
    if not wanted:
        expected = "a `fine_tuning` block, or --name NAME"
        raise InputError.one("no model of the manifest is fine-tuned", expected=expected, file=path.as_posix())
    return [_of(entry, manifest, path) for entry in wanted]


def _of(entry: ModelEntry, manifest: Manifest, path: Path) -> Asked:
    """What the manifest, its lock and the catalogue say of one entry."""
    from checker.facts.catalogue import Catalogue
    from checker.facts.fact import Fact
    from checker.facts.locked.held import hold
    from checker.facts.locked.lookup import Locks
    from checker.facts.model import Variant
    from checker.gather import gather
    from checker.manifest.project import repository_root

    folder = path.resolve().parent
    lock = hold(folder / "model.lock", "model.lock") if (folder / "model.lock").is_file() else None
    bare = entry.model_copy(update={"baseline": None})  # what it holds does not matter for making it
    dossier = gather(bare, folder, repository_root(folder) or folder, Catalogue(), Locks(lock) if lock else None)
    written = entry.revision.value if entry.revision else None
    locked = dossier.lock.entry.commit if dossier.lock.entry else None
    facts = dossier.facts
    hardware = (entry.fine_tuning.hardware if entry.fine_tuning else None) or manifest.hardware
    instruct = facts.variant.value is Variant.INSTRUCT if isinstance(facts.variant, Fact) else None
    return Asked(
        name=entry.display_name,
        model=entry.model.value,
        revision=written if written and _COMMIT.fullmatch(written) else locked,
        objective=entry.objective.value.value,
        instruct=instruct,
        parameters=facts.parameters.value if isinstance(facts.parameters, Fact) else None,
        gpus=hardware.count.value if hardware else 0,
        gpu_bytes=_memory(hardware) if hardware else None,
        tasks=tuple(
            (task.task.value, task.shots.value if task.shots else None)
            for task in (entry.baseline_run.tasks if entry.baseline_run else ())
        ),
        is_local=entry.is_local,
        remote_code=isinstance(facts.remote_code, Fact) and facts.remote_code.value,
    )


def _memory(hardware: Hardware) -> int | None:
    from checker.memory.gpus import Gpu, find

    if hardware.vram is not None:
        return int(hardware.vram.value)
    found = find(hardware.gpu.value) if hardware.gpu else None
    return found.usable_bytes if isinstance(found, Gpu) else None


def _as_json(found: Plan) -> dict[str, object]:
    return {
        "name": found.name,
        "harness": found.harness,
        "commands": [
            {"line": text, "flags": [{"words": list(flag.words), "source": flag.source} for flag in command]}
            for text, command in zip(found.lines(), found.commands, strict=True)
        ],
        "notes": list(found.notes),
        "missing": found.missing or None,
        "fits": found.fits,
    }


def _as_text(found: Plan, markdown: bool) -> str:
    head = line(f"{found.name}: {found.harness}", markdown, "### ")
    if found.missing:
        return head + line(f"unknown: {found.missing}", markdown)
    shown = "".join(f"{fenced(text, 'sh')}\n" if markdown else f"{text}\n" for text in found.lines())
    sources: dict[str, list[str]] = {}
    for command in found.commands:
        for flag in command:
            # A program is named by its first word; its text is above.
            short = " ".join(word for word in flag.words if "\n" not in word and len(word) < 40)
            if short not in sources.setdefault(flag.source, []):
                sources[flag.source].append(short)
    cited = "".join(line(f"{'; '.join(words)}: {source}", markdown) for source, words in sources.items())
    return head + shown + "".join(line(note, markdown) for note in found.notes) + cited
