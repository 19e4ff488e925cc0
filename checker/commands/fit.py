"""Say what a plan needs of GPU memory, term by term, whether it fits, and what would fit instead.

Exit code 0 says that it fits, is tight (inside the error band; the output says so), or that no hardware was named;
1 that it does not fit; 2 unusable input; 3 that something is unknown, so that nothing can be said. A batch ends with 0
when every line has an answer, an error being one.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from checker.commands._calibration import calibration_of
from checker.commands._values import jobs, named, path
from checker.console import Console
from checker.document.errors import InputError
from checker.exit_code import ExitCode

if TYPE_CHECKING:
    from checker.commands._fit_answers import Wanted
    from checker.sizing.answer import Answer
    from checker.sizing.question import Plan
    from checker.sizing.serving_report import Extras

EXAMPLES = """\
examples:
  weighbridge fit Qwen/Qwen3-8B --method qlora --sequence-length 4096 --gpu 4090
  weighbridge fit Qwen/Qwen3-8B --serve --context-window 32768 --parallel-requests 8 --gpu L40S
  weighbridge fit Qwen/Qwen3-8B --serve --gpu L40S --command vllm --revision COMMIT
  weighbridge fit Qwen/Qwen3-8B BAAI/bge-m3 --serve --gpu L40S        both on one GPU
  weighbridge fit --config config.json --method full --gpu "H100 80GB" --plot memory.svg
  weighbridge fit model.yaml                         each plan of a manifest
  weighbridge fit --batch plans.jsonl                one JSON plan a line, one JSON answer a line
  weighbridge fit --list-gpus
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `fit`: a plan's keys have the names that they have in a manifest."""
    from checker.sizing.starting.launch import TARGETS

    parser.add_argument(
        "model",
        nargs="*",
        type=named,
        metavar="MODEL|MANIFEST",
        help="a Hub id, a local folder, a config.json, or a model.yaml; several models with --serve share the GPUs",
    )
    parser.add_argument("--config", type=path, metavar="FILE", help="the model's config.json")
    parser.add_argument(
        "--batch", type=path, metavar="FILE", help="answer each line of a JSON Lines file; `-` is standard input"
    )
    parser.add_argument(
        "--alternatives", action="store_true", help="in a batch too, compute what would fit instead (slower)"
    )
    parser.add_argument("--jobs", type=jobs, metavar="N", help="processes for a long batch; default: one a core")
    parser.add_argument(
        "--headroom", type=_share, default="10%", metavar="SHARE", help="part of a GPU that stays free; default: 10%%"
    )
    parser.add_argument("--ladder", action="store_true", help="a table of lengths by batches, or contexts by requests")
    parser.add_argument("--explain", action="store_true", help="with --serve: how memory grows with context and users")
    parser.add_argument(
        "--plot", type=path, metavar="FILE.svg", help="draw it: bars of a training, the ladders of a deployment"
    )
    parser.add_argument(
        "--command", choices=TARGETS, metavar="PROGRAM", help=f"print the start command alone: {', '.join(TARGETS)}"
    )
    parser.add_argument("--revision", metavar="COMMIT", help="the model's commit, for the start command")
    parser.add_argument("--image", metavar="NAME@sha256:DIGEST", help="the container's image, for kubernetes")
    parser.add_argument("--trace", action="store_true", help="run the library's own code beside the estimate")
    parser.add_argument(
        "--calibration",
        type=path,
        metavar="FILE",
        help="runs of `weighbridge calibrate`; default: model.calibration.json here",
    )
    parser.add_argument("--list-gpus", action="store_true", help="the GPUs that are known by name")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")
    parser.add_argument(
        "--markdown", action="store_true", help="the answer as Markdown, for documents and pull requests"
    )
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
                section.add_argument(
                    f"--no-{flag[2:]}", action="store_const", const="no", dest=option.name, help=f"{flag} no"
                )
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
    wanted = _wanted(args)
    if args.batch is not None:
        _only("--batch", args, given)
        from checker.commands._fit_batch import answer_plans

        return answer_plans(args, console)
    if args.config is None and not args.model:
        expected = "a Hub id, a folder, a config.json or a manifest; or --batch FILE"
        raise InputError.one("no model is named", expected=expected, file="fit")
    if args.config is None and len(args.model) == 1 and is_manifest(Path(args.model[0])):
        _only(args.model[0], args, given)
        from checker.commands._fit_manifest import answer_file

        return answer_file(args, wanted, console)
    if len(args.model) > 1:
        return _several(args, given, wanted, console)
    return _one(args, given, wanted, console)


def given_keys(args: Namespace) -> dict[str, str]:
    """The keys of a plan that options state, in the order in which they are listed."""
    from checker.sizing.options import keys
    from checker.sizing.question import SWITCHES, is_spoken

    given: dict[str, str] = {}
    for key in keys():
        value = getattr(args, key, None)
        if value is None:
            continue
        if key in SWITCHES and not args.model and not is_spoken(value):
            args.model, value = (
                [value],
                "yes",
            )  # `--gradient-checkpointing MODEL`: argparse takes the word for its value
        given[key] = value
    if (
        getattr(args, "command", None) not in (None, "kubernetes")
        and "serve" in given
        and args.model
        and "runtime" not in given
    ):
        given["runtime"] = args.command
    return given


_IMAGE = re.compile(r"[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}")
_REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}")


def _wanted(args: Namespace) -> Wanted:
    """What is printed.

    Raises:
        InputError: options contradict each other, or are none.
    """
    from checker.commands._fit_answers import Wanted

    for name, form, expected in (
        ("image", _IMAGE, "NAME@sha256: and 64 hexadecimal digits"),
        ("revision", _REVISION, "a commit of 40 hexadecimal digits"),
    ):
        value = getattr(args, name)
        if value is not None and form.fullmatch(value) is None:
            raise InputError.one(f"`--{name}` is `{value}`", expected=expected, file="fit")
    if args.json and args.markdown:
        raise InputError.one("--json beside --markdown", expected="one of them", file="fit")
    if args.image is not None and args.command != "kubernetes":
        raise InputError.one("--image without --command kubernetes", expected="both", file="fit")
    return Wanted(args.json, args.markdown, args.command, args.image)


def _only(what: str, args: Namespace, given: dict[str, str]) -> None:
    """A manifest or a batch states its plans itself."""
    odd = [f"--{key.replace('_', '-')}" for key in given]
    odd += [f"--{name}" for name in ("trace", "ladder", "explain", "revision") if getattr(args, name)]
    if args.batch is not None:
        odd += [f"--{name}" for name in ("plot", "command", "markdown") if getattr(args, name)]
        odd += args.model
    odd += ["--config"] if args.config else []
    if odd:
        raise InputError.one(f"{', '.join(odd)} beside {what}", expected="the plan in the file", file="fit")


def is_manifest(path: Path) -> bool:
    """Whether a path names a manifest, or a folder that has one and no model."""
    if path.suffix in (".yaml", ".yml"):
        return True
    return path.is_dir() and not (path / "config.json").exists() and (path / "model.yaml").is_file()


def _one(args: Namespace, given: dict[str, str], wanted: Wanted, console: Console) -> int:
    from checker.commands._fit_answers import draw, print_one
    from checker.sizing.named import Named, answer_named
    from checker.sizing.question import of_options
    from checker.sizing.serving_report import Extras
    from checker.sizing.subject import Unanswerable

    plan = of_options(given)
    _check_serving(args, plan)
    _refuse_idle(given, serving=plan.serve.value)
    named = Named(args.model[0] if args.model else None, args.config, args.revision)
    result = answer_named(named, plan, args.headroom, calibration_of(args, Path()))
    extras = Extras() if isinstance(result, Unanswerable) else _extras(args, result)
    if args.plot and not isinstance(result, Unanswerable):
        from checker.sizing.picture import of_answer

        draw(args.plot, of_answer(result))
    return print_one(result, extras, wanted, console)


def _check_serving(args: Namespace, plan: Plan) -> None:
    """Refuse options of serving beside a training."""
    odd = [f"--{name}" for name in ("command", "explain") if getattr(args, name)]
    if odd and not plan.serve.value:
        raise InputError.one(f"{', '.join(odd)} without --serve", expected="--serve", file="fit")


def _refuse_idle(given: dict[str, str], *, serving: bool) -> None:
    """A key of the other kind of plan would be left aside in silence: who names a window asks for serving."""
    from checker.manifest.deployment import ServingKeys
    from checker.manifest.fine_tuning import TrainingKeys

    training_keys, serving_keys = set(TrainingKeys.model_fields), set(ServingKeys.model_fields)
    idle = (training_keys - serving_keys) if serving else (serving_keys - training_keys)
    odd = [f"--{key.replace('_', '-')}" for key in given if key in idle]
    if odd:
        named = ", ".join(odd)
        if serving:
            raise InputError.one(f"{named} beside --serve", expected="keys of serving, or no --serve", file="fit")
        raise InputError.one(f"{named} without --serve", expected="`--serve` beside it", file="fit")


def _extras(args: Namespace, answer: Answer) -> Extras:
    from checker.sizing.serving_report import extras_of

    extras = extras_of(answer, table=args.ladder, explain=args.explain)
    if not args.trace:
        return extras
    from checker.sizing.traced import trace

    return extras._replace(trace=trace(answer))


def _several(args: Namespace, given: dict[str, str], wanted: Wanted, console: Console) -> int:
    """Models that are served on the same GPUs, each with the same plan."""
    from checker.commands._fit_answers import draw, print_entries
    from checker.sizing.entries import EntryAnswer
    from checker.sizing.named import Named, answer_named
    from checker.sizing.question import of_options

    plan = of_options(given)
    odd = [f"--{name}" for name in ("config", "revision", "trace", "ladder", "explain") if getattr(args, name)]
    if not plan.serve.value or odd:
        sentence = f"{', '.join(odd) or 'several models'} beside {len(args.model)} models"
        raise InputError.one(sentence, expected="one model, or --serve with the plan that all share", file="fit")
    _refuse_idle(given, serving=True)
    if len(set(args.model)) < len(args.model):
        raise InputError.one("a model is named twice", expected="each once", file="fit")
    answers = tuple(
        EntryAnswer(name, False, answer_named(Named(name), plan, args.headroom), True) for name in args.model
    )
    if args.plot:
        from checker.sizing.picture import of_entries

        draw(args.plot, of_entries(", ".join(args.model), answers))
    return print_entries(None, answers, wanted, console)


def _share(written: str) -> float:
    text, percent = (written[:-1].strip(), 100) if written.endswith("%") else (written, 1)
    try:
        share = float(text) / percent
    except ValueError:
        share = -1.0
    if not 0 <= share < 1:
        raise ArgumentTypeError(f"`{written}` is no share: expected one such as 10% or 0.1, below 1")
    return share
