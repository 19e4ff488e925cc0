"""Find the models that would pass for a use, ranked, and say why the others would not.

Exit code 0 says that a model passes; 1 that none does as it was asked for; 2 unusable input; 3 that none passes and
something is unknown of at least one that nothing refuses. With --why the code is that of the one model.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checker.commands import _gate, _workers
from checker.commands._targets import Output, output, refuse_two_in_one
from checker.commands._values import number, path
from checker.console import Console
from checker.document.errors import InputError, visible
from checker.document.nearest import with_hint
from checker.document.write import replace_file
from checker.exit_code import ExitCode

if TYPE_CHECKING:
    from checker.engine import Standing
    from checker.selection.ask import Question
    from checker.selection.chosen import Basis, Chosen
    from checker.selection.gathered import Surroundings
    from checker.selection.judge import Judge
    from checker.selection.rank import Wishes
    from checker.selection.sources import Wanted

EXAMPLES = """\
examples:
  weighbridge select --objective chat --context-window 16384 --gpu "RTX 4090"
  weighbridge select --objective chat --goal tone --method lora --sequence-length 4096 --gpu L4
  weighbridge select model.yaml                      the entry that has no `model:` yet
  weighbridge select model.yaml --why Qwen2.5-7B-Instruct
  weighbridge select model.yaml --write Qwen/Qwen2.5-7B-Instruct
"""
_FORMATS = ("csv", "json", "markdown", "text")


def configure(parser: ArgumentParser) -> None:
    """Add the options of `select`: what is sought has the names that it has in a manifest."""
    parser.add_argument(
        "manifest", nargs="?", type=path, metavar="MANIFEST", help="a manifest with an entry that has no `model:`"
    )
    parser.add_argument("--entry", metavar="NAME", help="the entry to choose for, where that is not clear")
    _gate.add_policy(parser)
    _gate.add_today(parser)
    parser.add_argument(
        "--output",
        action="append",
        type=output(lambda: _FORMATS),
        metavar="FORMAT[=FILE]",
        help=f"one of {', '.join(_FORMATS)}; repeatable; default: text",
    )
    parser.add_argument("--json", action="append_const", const=("json", None), dest="output", help="--output json")
    parser.add_argument(
        "--models", type=path, metavar="TABLE", help="judge these: a CSV, .jsonl or .parquet file, or a model.lock"
    )
    parser.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=FIELD", help="which column states what; repeatable"
    )
    parser.add_argument(
        "--verdicts", type=path, metavar="FILE", help="write the verdict of every row: .csv, .jsonl or .parquet"
    )
    parser.add_argument("--why", metavar="MODEL", help="tell everything about one model")
    parser.add_argument(
        "--write", metavar="NAME", help="write this model into MANIFEST, or a new entry into model.yaml"
    )
    parser.add_argument("--plot", type=path, metavar="FILE.svg", help="draw memory against score")
    _add_ranking(parser)
    _workers.configure(parser)
    sought = parser.add_argument_group("what is sought", "keys of a manifest; not beside MANIFEST")
    for key, told in _SOUGHT.items():
        sought.add_argument(f"--{key.replace('_', '-')}", metavar=told[0], help=told[1])


def _add_ranking(parser: ArgumentParser) -> None:
    """What decides the order, and how much of it is shown."""
    parser.add_argument(
        "--top", type=number(), default=5, metavar="N", help="how many of each group are shown; default: 5"
    )
    parser.add_argument(
        "--weight",
        action="append",
        default=[],
        type=_weight,
        metavar="NAME=VALUE",
        help="how much a criterion counts: quality, fit, context, size, license or age; repeatable",
    )
    parser.add_argument("--benchmark", metavar="NAME", help="the score that is quality, such as MMLU or HumanEval")
    parser.add_argument(
        "--reported-by",
        choices=("publisher", "third-party", "any"),
        default="any",
        help="whose scores count; default: third parties', and the publisher's where there are no others",
    )


_SOUGHT = {
    "objective": ("WORD", "what it is to do: chat, text-generation, similarity, reranking, …"),
    "task": ("TEXT", "what that is, where the objective is `other`"),
    "size_class": ("WORD", "edge (1-3B), general (7-8B) or expert (14-30B)"),
    "documents": ("WORD", "long-form, where it reads long documents"),
    "goal": ("WORD", "what a fine-tuning is to change: tone, output-format, domain-knowledge, …"),
    "method": ("WORD", "full, lora or qlora"),
    "sequence_length": ("N", "tokens of a training sample"),
    "micro_batch_size": ("N", "samples of one step"),
    "rank": ("N", "rank of the adapters"),
    "context_window": ("N", "tokens of one request, prompt and answer together"),
    "parallel_requests": ("N", "requests served at the same time"),
    "quantization": ("WORD", "how the weights are stored: none, fp8, awq-int4, Q4_K_M, …"),
    "kv_cache": ("WORD", "number format of the KV cache: fp16, fp8, …"),
    "runtime": ("WORD", "vllm, tgi, llama.cpp, transformers or tei"),
    "gpu": ("NAME", "the GPU's name"),
    "vram": ("AMOUNT", "memory of one GPU, for one that is not known by name"),
    "instance": ("NAME", "a cloud instance, in the place of its GPUs"),
    "count": ("N", "how many of them"),
    "purpose": ("WORD", "commercial, research or personal"),
    "distribution": ("WORD", "service, internal, weights or on-device"),
    "region": ("CODE", "where it is used"),
    "monthly_active_users": ("N", "of this product"),
}


def run(args: Namespace, console: Console) -> int:
    """Judge every candidate, write every output, and return the code that the answer has."""
    outputs = _outputs(args)
    if args.plot is not None and not args.plot.lower().endswith(".svg"):
        raise InputError.one(f"--plot {args.plot} is no name of an SVG", expected="FILE.svg", file="select")
    if args.verdicts is not None and not args.verdicts.lower().endswith((".csv", ".jsonl", ".ndjson", ".parquet")):
        expected = "a name that ends in .csv, .jsonl, .ndjson or .parquet"
        raise InputError.one(f"--verdicts {args.verdicts} says no format", expected=expected, file="select")
    question = _question(args)
    around, standing, basis = _basis(args, question, console)
    wishes = _wishes(args, question, basis.today)
    from checker.selection import sources
    from checker.selection.chosen import choose

    found = sources.outcome(
        sources.Basis(question, around, standing, wishes), _wanted(args, outputs, basis.relaxations)
    )
    console.err.writelines(f"{visible(args.verdicts)}: relaxed: {visible(one)}\n" for one in found.unsaid)
    chosen = choose(found.judged, question, wishes, basis, args.top, found.passed_over)
    if args.why is not None:
        return _why(args.why, chosen, _thorough(question, around, standing), console)
    _write_outputs(outputs, chosen, console)
    if args.plot is not None:
        from checker.selection.picture import svg

        replace_file(Path(args.plot), svg(chosen))
    if args.write is not None:
        _write_model(args, chosen, console)
    return _code(chosen)


def _question(args: Namespace) -> Question:
    from checker.document.read import read
    from checker.selection import ask

    given = _given(args)
    if args.models is None and args.map:
        raise InputError.one("--map without --models", expected="the table that has the columns", file="select")
    if args.manifest is None:
        if args.entry is not None:
            raise InputError.one("--entry without a manifest", expected="the manifest that has it", file="select")
        return ask.of_options(given)
    if given:
        odd = ", ".join(f"--{key.replace('_', '-')}" for key in given)
        raise InputError.one(f"{odd} beside {args.manifest}", expected="the entry in the file", file="select")
    path = Path(args.manifest)
    return ask.of_manifest(read(path / "model.yaml" if path.is_dir() else path), args.entry)


def _given(args: Namespace) -> dict[str, str]:
    """The keys that options state."""
    return {key: value for key in _SOUGHT if (value := getattr(args, key)) is not None}


def _write_model(args: Namespace, chosen: Chosen, console: Console) -> None:
    """Write a model that passes, with its change if it needs one, and say so on stderr."""
    from checker.document.read import read
    from checker.selection import write
    from checker.selection.judge import Group

    judged = chosen.find(args.write).judged
    if judged.group not in (Group.PASSES, Group.CHANGE):
        expected, hint = "a model that passes, with a change or without", f"--why {judged.id} tells why"
        raise InputError.one(f"{judged.id} does not pass: {judged.group}", expected=expected, hint=hint, file="select")
    model = write.Model(judged.id, judged.facts.revision, judged.changes)
    question = chosen.question
    path = Path(question.source.name) if question.written else Path("model.yaml")
    if question.written:
        text = write.into_entry(question.source, question.node, model)
    elif path.exists():
        text = write.appended(read(path), _given(args), model)
    else:
        text = write.new_manifest(_given(args), model)
    replace_file(path, text)
    console.err.write(f"{path.as_posix()}: wrote {judged.id}\n")
    for change in judged.changes:
        console.err.write(f"{path.as_posix()}: with {change.said}\n")
    if any(not change.value for change in judged.changes):
        console.err.write("next: `weighbridge lock`, without which `weighbridge check` refuses it\n")


def _basis(args: Namespace, question: Question, console: Console) -> tuple[Surroundings, Standing, Basis]:
    """Where it stands, the policy that applies there, and what reports say of both."""
    from checker import __version__, applying
    from checker.facts.catalogue import Catalogue
    from checker.gate import lock_beside, locks_of
    from checker.policy.choose import choose, project_layer
    from checker.selection.chosen import Basis
    from checker.selection.gathered import Surroundings

    folder = Path(question.source.name).parent if question.written else Path()
    root, today = applying.root_of(folder), args.today or console.today
    choice = choose(args.policy, console.environ.get("WEIGHBRIDGE_POLICY"), root)
    standing = applying.standing(applying.Key(choice, project_layer(root), None, today))
    catalogue = Catalogue()
    around = Surroundings(folder, root, catalogue, locks_of(lock_beside(folder, root), standing.policy))
    basis = Basis(
        tool_version=__version__,
        today=today,
        catalogue_sha256=catalogue.digest(),
        policy=applying.stamp_of(standing.policy),
        models_from=f"{len(catalogue.ids())} models of the catalogue of {catalogue.recorded}"
        if args.models is None
        else f"models of {args.models}, known as a manifest beside it would know them"
        if args.models.endswith(".lock")
        else f"rows of {args.models}, whose statements count as declared; what it leaves out is unknown",
        relaxations=(*_gate.relaxations(args, console), *applying.loosened_by(standing.policy)),
    )
    return around, standing, basis


_HELD = 5000
"""How many rows of each group of a table are held for documents that show them all; the others are counted."""


def _wanted(args: Namespace, outputs: list[Output], relaxations: tuple[str, ...]) -> Wanted:
    """What of the candidates the outputs need.

    Raises:
        InputError: a cluster is named, and no table that it could judge.
    """
    from checker.selection.sources import LOCK, Wanted

    if args.cluster is not None and (args.models is None or args.models.endswith(LOCK)):
        raise InputError.one("--cluster without a table", expected="`--models TABLE` beside it", file="select")
    shows_all = args.plot is not None or any(name in ("csv", "json") for name, _ in outputs)
    return Wanted(
        models=args.models,
        mapped=tuple(args.map),
        verdicts=args.verdicts,
        keep=max(args.top, _HELD) if shows_all else args.top,
        stopped=shows_all,
        named=args.why or args.write,
        opened=partial(_workers.opened, args),
        run=_workers.new_run(),
        relaxations=relaxations,
    )


def _thorough(question: Question, around: Surroundings, standing: Standing) -> Judge:
    from checker.selection.gathered import of_others
    from checker.selection.judge import Judge

    return Judge(question, of_others(question, around), standing, fast=False, proposals=True)


def _wishes(args: Namespace, question: Question, today: date) -> Wishes:
    from checker.selection.rank import WEIGHTS, Wishes, benchmark_for

    weights = WEIGHTS | dict(args.weight)
    if not any(weights.values()):
        raise InputError.one("every weight is 0", expected="at least one above 0", file="select")
    benchmark = args.benchmark or benchmark_for(question.entry.objective.value)
    party = {"publisher": True, "third-party": False, "any": None}[args.reported_by]
    return Wishes(weights, benchmark, today, party)


def _why(model: str, chosen: Chosen, judge: Judge, console: Console) -> int:
    """Everything about one model, every rule judged for it."""
    from checker.selection.form.text import everything

    found = chosen.find(model)
    whole = found._replace(judged=judge.judged(found.judged.candidate))
    console.out.write(everything(whole, chosen))
    from checker.selection.judge import Group

    codes = {Group.PASSES: ExitCode.OK, Group.UNKNOWN: ExitCode.UNKNOWN}
    return codes.get(whole.judged.group, ExitCode.BLOCKED)


def _code(chosen: Chosen) -> int:
    from checker.selection.judge import Group

    if chosen.count(Group.PASSES):
        return ExitCode.OK
    return ExitCode.UNKNOWN if chosen.count(Group.UNKNOWN) else ExitCode.BLOCKED


def _outputs(args: Namespace) -> list[Output]:
    """The formats that are asked for and where each goes; the run has not begun yet."""
    asked: list[Output] = args.output or [("text", None)]
    refuse_two_in_one(asked, "select")
    return asked


def _write_outputs(outputs: list[Output], chosen: Chosen, console: Console) -> None:
    from checker.selection.form import rendered
    from checker.selection.form.text import tally

    for name, target in outputs:
        text = rendered(name, chosen)
        if target is None:
            console.out.write(text)
        else:
            replace_file(Path(target), text)
    if ("text", None) not in outputs:
        console.err.write(f"{tally(chosen)}\n")


def _weight(written: str) -> tuple[str, float]:
    from checker.selection.rank import WEIGHTS

    name, _, text = written.partition("=")
    if name not in WEIGHTS:
        said = f"`{name}` is no criterion: expected one of {', '.join(WEIGHTS)}"
        raise ArgumentTypeError(with_hint(said, name, tuple(WEIGHTS)))
    try:
        weight = float(text)
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1000:
        raise ArgumentTypeError(f"`{written}` states no weight: expected a number from 0 to 1000, as in {name}=2")
    return name, weight
