"""Run a training plan for three steps with random weights, and compare what it takes with the estimate.

Exit code 0 says that what was measured lies inside the estimate's error band; 1 that it lies outside, or that the GPU
ran out of memory; 2 unusable input; 3 that nothing here can run the plan: no GPU, or too little memory.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from checker.commands import fit
from checker.commands._values import named, number, path
from checker.console import Console
from checker.document.as_json import dumps
from checker.document.errors import InputError, visible
from checker.document.write import replace_file
from checker.exit_code import ExitCode

if TYPE_CHECKING:
    from checker.sizing.answer import Answer
    from checker.sizing.subject import Unanswerable

EXAMPLES = """\
examples:
  weighbridge calibrate model.yaml                      the fine-tuning of a manifest, on this machine's GPU
  weighbridge calibrate model.yaml --entry assistant
  weighbridge calibrate Qwen/Qwen3-0.6B --method lora --sequence-length 1024 --device cpu
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `calibrate`; the keys of a plan are those of `fit`."""
    parser.add_argument(
        "model",
        nargs="*",
        type=named,
        metavar="MODEL|MANIFEST",
        help="a Hub id, a local folder, a config.json, or a model.yaml",
    )
    parser.add_argument("--config", type=path, metavar="FILE", help="the model's config.json")
    parser.add_argument("--entry", metavar="NAME", help="the entry of a manifest whose fine-tuning is run")
    parser.add_argument(
        "--device", choices=("auto", "cuda", "cpu"), default="auto", help="where to run; default: a GPU, or nothing"
    )
    parser.add_argument(
        "--steps",
        type=number("number of steps", 2, 100, ", for the first lacks states"),
        default=3,
        metavar="N",
        help="how many steps; default: 3",
    )
    parser.add_argument(
        "--file",
        type=path,
        metavar="FILE",
        help="where the run is recorded; default: model.calibration.json beside the manifest",
    )
    parser.add_argument("--json", action="store_true", help="the record as JSON, as the file has it")
    fit.add_keys(parser, serving=False)


def run(args: Namespace, console: Console) -> int:
    """Measure, record, and return the code that the answer has."""
    from checker.facts.calibration import NAME
    from checker.hardware.system import of_this_machine
    from checker.sizing.answer import Answer
    from checker.sizing.calibrate import Measured, TooLarge, measure

    answer, folder = _plan(args)
    if not isinstance(answer, Answer):
        from checker.sizing.as_text import of_refusal

        console.err.write(of_refusal(answer))
        return ExitCode.UNKNOWN
    import sys

    memory = of_this_machine(sys.platform).memory_bytes
    found = measure(answer, args.device, args.steps, console.today, memory)
    if isinstance(found, TooLarge):
        console.err.write(f"the plan does not fit: {visible(found.sentence)}\n")
        return ExitCode.BLOCKED
    if not isinstance(found, Measured):
        console.err.write(f"{found.sentence}\n  {found.hint}\n")
        return ExitCode.UNKNOWN
    file = Path(args.file) if args.file else folder / NAME
    _record(file, found.run)
    if args.json:
        console.out.write(dumps({**found.run._asdict(), "versions": dict(found.run.versions)}, indent=2) + "\n")
    else:
        from checker.sizing.calibrated_text import as_text

        console.out.write(as_text(found))
    console.err.write(f"recorded in {file.as_posix()}\n")
    return ExitCode.OK if found.inside else ExitCode.BLOCKED


def _record(file: Path, measured: object) -> None:
    from checker.facts.calibration import Run
    from checker.facts.calibration_file import load, with_run

    assert isinstance(measured, Run)
    replace_file(file, with_run(load(file) if file.exists() else None, measured))


def _plan(args: Namespace) -> tuple[Answer | Unanswerable, Path]:
    """The plan that is asked for with its estimate, and the folder of its manifest."""
    from checker.sizing.answer import HEADROOM, answer_plan
    from checker.sizing.named import Named, subject_of
    from checker.sizing.question import of_options
    from checker.sizing.subject import Unanswerable

    given = fit.given_keys(args)
    if args.config is None and not args.model:
        expected = "a Hub id, a folder, a config.json or a manifest"
        raise InputError.one("no model is named", expected=expected, file="calibrate")
    if len(args.model) > 1:
        raise InputError.one(f"{len(args.model)} models are named", expected="one", file="calibrate")
    if args.config is None and fit.is_manifest(Path(args.model[0])):
        if given:
            odd = ", ".join(f"--{key.replace('_', '-')}" for key in given)
            raise InputError.one(f"{odd} beside {args.model[0]}", expected="the plan in the file", file="calibrate")
        return _entry(args)
    if args.entry is not None:
        raise InputError.one("--entry without a manifest", expected="a model.yaml", file="calibrate")
    plan = of_options(given)
    subject = subject_of(Named(args.model[0] if args.model else None, args.config))
    return (subject if isinstance(subject, Unanswerable) else answer_plan(plan, subject, HEADROOM)), Path()


def _entry(args: Namespace) -> tuple[Answer | Unanswerable, Path]:
    from checker.document.nearest import did_you_mean
    from checker.document.read import read
    from checker.facts.catalogue import Catalogue
    from checker.sizing.answer import HEADROOM
    from checker.sizing.entries import Sources, answer_manifest

    path = Path(args.model[0])
    path = path / "model.yaml" if path.is_dir() else path
    every = [one for one in answer_manifest(read(path), path.parent, HEADROOM, Sources(Catalogue())) if one.training]
    names = [one.entry for one in every]
    meant = [one for one in every if args.entry in (None, one.entry)]
    if len(meant) != 1:
        sentence = "several entries are fine-tuned" if len(meant) > 1 else "no such entry is fine-tuned"
        expected = f"--entry with one of {', '.join(names)}" if names else "an entry with `fine_tuning`"
        hint = did_you_mean(args.entry, names) if args.entry else ""
        raise InputError.one(sentence, expected=expected, hint=hint, file=path.as_posix())
    return meant[0].result, path.parent
