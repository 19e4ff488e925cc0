"""Say what a plan needs of GPU memory, term by term, whether it fits, and what would fit instead.

Exit code 0 says that it fits, is tight (inside the error band; the output says so), or that no hardware was named;
1 that it does not fit; 2 unusable input; 3 that something is unknown, so that nothing can be said. A batch ends with 0
when every line has an answer, an error being one.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.console import Console
from checker.document.errors import InputError
from checker.document.write import replace_file
from checker.exit_code import ExitCode

if TYPE_CHECKING:
    from checker.facts.calibration import Calibration
    from checker.sizing.answer import Answer
    from checker.sizing.batch import Line
    from checker.sizing.entries import EntryAnswer
    from checker.sizing.subject import Subject, Unanswerable

EXAMPLES = """\
examples:
  weighbridge fit Qwen/Qwen3-8B --method qlora --sequence-length 4096 --gpu 4090
  weighbridge fit Qwen/Qwen3-8B --serve --context-window 32768 --parallel-requests 8 --gpu L40S --ladder
  weighbridge fit --config config.json --method full --gpu "H100 80GB" --plot memory.svg
  weighbridge fit model.yaml                         each plan of a manifest
  weighbridge fit --batch plans.jsonl                one JSON plan a line, one JSON answer a line
  weighbridge fit --list-gpus
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `fit`: a plan's keys have the names that they have in a manifest."""
    parser.add_argument(
        "model", nargs="?", metavar="MODEL|MANIFEST", help="a Hub id, a local folder, a config.json, or a model.yaml"
    )
    parser.add_argument("--config", metavar="FILE", help="the model's config.json")
    parser.add_argument("--batch", metavar="FILE", help="answer each line of a JSON Lines file; `-` is standard input")
    parser.add_argument(
        "--alternatives", action="store_true", help="in a batch too, compute what would fit instead (slower)"
    )
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="processes for a long batch; default: one a core")
    parser.add_argument("--headroom", type=_share, metavar="SHARE", help="part of a GPU that stays free; default: 10%%")
    parser.add_argument("--ladder", action="store_true", help="a table of lengths by batches, or contexts by requests")
    parser.add_argument("--plot", metavar="FILE.svg", help="write stacked bars against the GPU's memory")
    parser.add_argument("--trace", action="store_true", help="run the library's own code beside the estimate")
    parser.add_argument(
        "--calibration", metavar="FILE", help="runs of `weighbridge calibrate`; default: model.calibration.json here"
    )
    parser.add_argument("--list-gpus", action="store_true", help="the GPUs that are known by name")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--serve", action="store_const", const="true", help="ask for serving instead of training")
    add_keys(parser)


def add_keys(parser: ArgumentParser, serving: bool = True) -> None:
    """An option for each key of a plan, read by the same definitions as a manifest; `serving` adds those of serving."""
    from checker.sizing.options import SERVING, options

    for group, found in options():
        if group == SERVING and not serving:
            continue
        section = parser.add_argument_group(group)
        for option in found:
            flag = f"--{option.name.replace('_', '-')}"
            if option.switch:
                section.add_argument(flag, nargs="?", const="yes", metavar="yes|no", help=option.help)
                section.add_argument(f"--no-{flag[2:]}", action="store_const", const="no", dest=option.name, help="no")
                continue
            section.add_argument(flag, metavar=option.metavar, help=option.help, choices=option.choices)


def run(args: Namespace, console: Console) -> int:
    """Answer, and return the code that the answer has."""
    if args.list_gpus:
        from checker.memory.gpus import gpus
        from checker.sizing.as_text import of_gpus

        console.out.write(of_gpus(gpus()))
        return ExitCode.OK
    given = given_keys(args)
    if args.batch is not None:
        _only("--batch", args, given)
        return _batch(args, console)
    if args.config is None and args.model is None:
        expected = "a Hub id, a folder, a config.json or a manifest; or --batch FILE"
        raise InputError.one("no model is named", expected=expected, file="fit")
    if args.config is None and is_manifest(Path(args.model)):
        _only(args.model, args, given)
        return _manifest(args, console)
    return _one(args, given, console)


def given_keys(args: Namespace) -> dict[str, str]:
    """The keys of a plan that options state, in the order in which they are listed."""
    from checker.sizing.options import keys
    from checker.sizing.question import SWITCHES, is_spoken

    given: dict[str, str] = {}
    for key in keys():
        value = getattr(args, key, None)
        if value is None:
            continue
        if key in SWITCHES and args.model is None and not is_spoken(value):
            args.model, value = value, "yes"  # `--gradient-checkpointing MODEL`: argparse takes the word for its value
        given[key] = value
    return given


def _only(what: str, args: Namespace, given: dict[str, str]) -> None:
    """A manifest or a batch states its plans itself."""
    odd = [f"--{key.replace('_', '-')}" for key in given]
    odd += [f"--{name}" for name in ("trace", "ladder") if getattr(args, name)]
    if args.batch is not None:
        odd += ["--plot"] if args.plot else []
        odd += [args.model] if args.model else []
    odd += ["--config"] if args.config else []
    if odd:
        raise InputError.one(f"{', '.join(odd)} beside {what}", expected="the plan in the file", file="fit")


def is_manifest(path: Path) -> bool:
    """Whether a path names a manifest, or a folder that has one and no model."""
    if path.suffix in (".yaml", ".yml"):
        return True
    return path.is_dir() and not (path / "config.json").exists() and (path / "model.yaml").is_file()


def _one(args: Namespace, given: dict[str, str], console: Console) -> int:
    from checker.sizing import as_json, as_text
    from checker.sizing.answer import HEADROOM, answer_plan, with_alternatives, with_calibration
    from checker.sizing.question import of_options
    from checker.sizing.subject import Unanswerable

    plan = of_options(given)
    subject = subject_of(args)
    headroom = HEADROOM if args.headroom is None else args.headroom
    result = subject if isinstance(subject, Unanswerable) else answer_plan(plan, subject, headroom)
    if isinstance(result, Unanswerable):
        if args.json:
            console.out.write(as_json.as_text(as_json.unknown(result)))
        else:
            console.err.write(as_text.of_refusal(result))
        return ExitCode.UNKNOWN
    result = with_alternatives(with_calibration(result, _calibration(args, Path())))
    ladder = _ladder(result) if args.ladder else None
    trace = _traced(result) if args.trace else None
    if args.plot:
        from checker.sizing.picture import of_answer

        replace_file(Path(args.plot), of_answer(result))
    if args.json:
        console.out.write(as_json.as_text(as_json.answered(result, ladder, trace)))
    else:
        console.out.write(as_text.as_text(result, ladder, trace))
    return _code([result])


def _calibration(args: Namespace, folder: Path) -> Calibration | None:
    """What was measured: the file that is named, else the one in the folder."""
    if args.calibration is None:
        from checker.facts.calibration import beside

        return beside(folder, folder)
    from checker.facts.calibration_file import load

    return load(Path(args.calibration))


def subject_of(args: Namespace) -> Subject | Unanswerable:
    """The model that options name."""
    from checker.facts.catalogue import Catalogue
    from checker.facts.fact import Certainty
    from checker.sizing import subject

    path = Path(args.model) if args.model is not None else None
    if args.config is not None or (path is not None and path.name == "config.json"):
        file = Path(args.config or args.model)
        config, at = subject.read_config(file)
        name = args.model if args.config and args.model else file.as_posix()
        return subject.of_config(name, config, at, Certainty.INFERRED)
    assert path is not None
    if args.model.startswith((".", "/", "~")) or path.is_absolute():
        return subject.of_folder(path.expanduser(), Path(path.resolve().anchor))
    return subject.of_catalogue(args.model, Catalogue())


def _ladder(answer: Answer) -> Any:
    from checker.memory import ladder
    from checker.memory.plan import TrainingPlan

    subject, plan = answer.subject, answer.plan
    if isinstance(plan, TrainingPlan):
        return ladder.of_training(subject.model, plan, answer.hardware, answer.headroom, subject.native_context)
    return ladder.of_serving(
        subject.model, plan, answer.devices, answer.hardware, answer.headroom, subject.native_context
    )


def _traced(answer: Answer) -> Any:
    from checker.sizing.traced import trace

    return trace(answer)


def _manifest(args: Namespace, console: Console) -> int:
    from checker.document.read import read
    from checker.facts.catalogue import Catalogue
    from checker.sizing.answer import HEADROOM
    from checker.sizing.entries import answer_manifest

    path = Path(args.model)
    path = path / "model.yaml" if path.is_dir() else path
    headroom = HEADROOM if args.headroom is None else args.headroom
    answers = answer_manifest(read(path), path.parent, headroom, Catalogue(), _calibration(args, path.parent))
    if args.plot:
        from checker.sizing.picture import of_entries

        replace_file(Path(args.plot), of_entries(path.as_posix(), answers))
    console.out.writelines(_as_json(path, answers) if args.json else _as_text(answers))
    return _code([answer.result for answer in answers])


def _as_json(path: Path, answers: tuple[EntryAnswer, ...]) -> Iterator[str]:
    from checker.sizing import as_json
    from checker.sizing.answer import Answer

    records: list[as_json.JsonAnswer | as_json.JsonRefusal] = []
    for each in answers:
        made: as_json.JsonAnswer | as_json.JsonRefusal = (
            as_json.answered(each.result) if isinstance(each.result, Answer) else as_json.unknown(each.result)
        )
        made["entry"] = each.entry
        made["kind"] = "training" if each.training else "serving"
        records.append(made)
    entries = as_json.JsonEntries(format=as_json.FORMAT_VERSION, manifest=path.as_posix(), answers=records)
    yield as_json.as_text(entries)


def _as_text(answers: tuple[EntryAnswer, ...]) -> Iterator[str]:
    from checker.document.errors import visible
    from checker.sizing import as_text
    from checker.sizing.answer import Answer

    for index, each in enumerate(answers):
        kind = "fine_tuning" if each.training else "deployment"
        yield f"{'' if index == 0 else chr(10)}{visible(each.entry)}, {kind}\n"
        yield as_text.as_text(each.result) if isinstance(each.result, Answer) else as_text.of_refusal(each.result)


def _batch(args: Namespace, console: Console) -> int:
    from checker.sizing.answer import HEADROOM
    from checker.sizing.batch import Asked, answers

    headroom = HEADROOM if args.headroom is None else args.headroom
    if args.batch == "-":
        asked = Asked("<stdin>", headroom, args.alternatives)
        return _written(answers(console.stdin.buffer, asked, args.jobs or 1), console)
    from checker.gate import jobs_of_this_machine

    asked = Asked(Path(args.batch).as_posix(), headroom, args.alternatives)
    try:
        with open(args.batch, "rb") as stream:
            return _written(answers(stream, asked, args.jobs or jobs_of_this_machine()), console)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise InputError.one("the file cannot be read", expected="a readable file", file=args.batch) from error


def _written(lines: Iterator[Line], console: Console) -> int:
    import gc

    gc.freeze()  # what the start made lives until the end; what a million lines leave behind must not
    gc.enable()
    code = ExitCode.OK
    for line in lines:
        console.out.write(line.text)
        console.out.flush()  # whoever writes a line and waits for its answer gets it
        code = ExitCode.BUG if line.bug else code
    return code


def _code(results: list[Answer | Unanswerable]) -> int:
    from checker.memory.fit import Fit
    from checker.sizing.answer import Answer

    if any(isinstance(result, Answer) and result.fit is Fit.NO for result in results):
        return ExitCode.BLOCKED
    unknown = any(not isinstance(result, Answer) for result in results)
    return ExitCode.UNKNOWN if unknown else ExitCode.OK


def _jobs(written: str) -> int:
    if written.isdecimal() and int(written) > 0:
        return int(written)
    raise ArgumentTypeError(f"`{written}` is no number of processes: expected 1 or more")


def _share(written: str) -> float:
    text, percent = (written[:-1].strip(), 100) if written.endswith("%") else (written, 1)
    try:
        share = float(text) / percent
    except ValueError:
        share = -1.0
    if not 0 <= share < 1:
        raise ArgumentTypeError(f"`{written}` is no share: expected one such as 10% or 0.1, below 1")
    return share
