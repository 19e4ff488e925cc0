"""Write a model.yaml by the five steps of the checklist, asking for what options leave open.

Exit code 0 says that `check` accepts what was written, 1 that no model passes, 2 unusable input or missing answers, 3
that something is unknown of the model that was named; 130 that the questions were left. Only 0 writes the file, except
where the policy asks for more than a manifest can say, such as a lock: then the code is the one that `check` has.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from checker.commands import _color, _gate
from checker.commands._values import path
from checker.console import Console
from checker.document.errors import InputError, Problem, visible
from checker.document.write import replace_file
from checker.exit_code import ExitCode
from checker.request import Request

if TYPE_CHECKING:
    from checker.engine import Standing
    from checker.facts.catalogue import Catalogue
    from checker.hardware import Machine
    from checker.questionnaire.dialogue import Dialogue
    from checker.questionnaire.interview import Interview
    from checker.questionnaire.question import Question
    from checker.questionnaire.remaining import Remaining
    from checker.questionnaire.shortlist import Shortlist
    from checker.questionnaire.used import Offer
    from checker.selection.chosen import Basis, Chosen
    from checker.selection.gathered import Surroundings
    from checker.selection.rank import Ranked

EXAMPLES = """\
examples:
  weighbridge init                                   asks; ? explains, < goes back, Ctrl-C writes nothing
  weighbridge init --gpu "RTX 4090" --purpose commercial
  weighbridge init --objective similarity --context-window 512 --gpu L4 --size-class edge --purpose commercial
                   --distribution service --model BAAI/bge-m3
  weighbridge init services/bot --print              shows the manifest, writes none
"""
FILE = "model.yaml"
_OPTIONS = {
    "objective": ("WORD", "what the model is to do: chat, text-generation, similarity, reranking, …"),
    "task": ("TEXT", "what that is, where the objective is `other`"),
    "documents": ("WORD", "long-form or none"),
    "goal": ("WORD", "what a fine-tuning is to change: tone, output-format, …; default: none"),
    "method": ("WORD", "of the fine-tuning: full, lora or qlora"),
    "sequence_length": ("N", "tokens of a training sample"),
    "context_window": ("N", "tokens of one request; `16k` is 16384; none, where it is not served"),
    "parallel_requests": ("N", "requests answered at the same time; default: 1"),
    "gpu": ("NAME", "the GPU, `2 x NAME`, `detected` for what this machine has, or none"),
    "vram": ("AMOUNT", "memory of one device, for one that is not known by name"),
    "instance": ("NAME", "a cloud's instance, in the place of its GPUs"),
    "count": ("N", "how many of them"),
    "size_class": ("WORD", "edge (1-3B), general (7-8B), expert (14-30B) or any"),
    "purpose": ("WORD", "commercial, research or personal"),
    "distribution": ("WORDS", "service, internal, weights, on-device; several with commas"),
    "region": ("CODES", "where it is used; several with commas"),
    "baseline": ("FILE", "results before fine-tuning, or `later`"),
}
_EXTRA = {
    "monthly_active_users": ("N", "of this product; some licences ask"),
    "quantization": ("WORD", "how the weights are stored: none, fp8, awq-int4, Q4_K_M, …"),
    "runtime": ("WORD", "vllm, tgi, llama.cpp, transformers or tei"),
    "name": ("NAME", "the entry's own name; default: the last part of the model's id"),
    "project": ("NAME", "the project; default: the repository's or the folder's name"),
    "owner": ("WHO", "who answers for the manifest"),
}


def configure(parser: ArgumentParser) -> None:
    """Add the options of `init`: each answers the question about the key of its name."""
    parser.add_argument(
        "folder", nargs="?", default=".", type=path, metavar="FOLDER", help="where model.yaml goes; default: here"
    )
    parser.add_argument("--force", action="store_true", help="replace a model.yaml that is there")
    parser.add_argument("--print", action="store_true", help="write the manifest to standard output and no file")
    parser.add_argument("--no-input", action="store_true", help="ask nothing: a missing answer is an error")
    parser.add_argument("--no-scan", action="store_true", help="do not look for models that code uses already")
    _gate.configure(parser)
    answers = parser.add_argument_group("answers", "each stands for the question about the key of its name")
    for key, (metavar, told) in _OPTIONS.items():
        answers.add_argument(
            f"--{key.replace('_', '-')}", type=path if metavar == "FILE" else str, metavar=metavar, help=told
        )
    answers.add_argument("--model", metavar="ID", help="the model, out of those that pass")
    more = parser.add_argument_group("further keys", "stated where they are given; nobody asks for them")
    for key, (metavar, told) in _EXTRA.items():
        more.add_argument(
            f"--{key.replace('_', '-')}", type=path if metavar == "FILE" else str, metavar=metavar, help=told
        )


def run(args: Namespace, console: Console) -> int:
    """Ask, choose, write, and return the code that `check` has for what was written."""
    target = Path(args.folder) / FILE
    _refuse(target, args)
    try:
        return _run(args, console, target)
    except KeyboardInterrupt:
        console.err.write(f"\n{visible(target.as_posix())}: nothing was written\n")
        raise


def _refuse(target: Path, args: Namespace) -> None:
    """Before anything is asked: answers that end at a file that is there would be lost."""
    if not target.parent.is_dir():
        raise InputError.one("there is no such folder", expected="a folder", file=target.parent.as_posix())
    if args.print or not (target.exists() or target.is_symlink()):
        return
    if not args.force:
        hint = "`weighbridge select --write` adds an entry to it"
        raise InputError.one(
            "it is there already", expected="`--force` to replace it", hint=hint, file=target.as_posix()
        )
    if target.is_dir():
        raise InputError.one("it is a folder", expected="a file, or nothing", file=target.as_posix())


def _run(args: Namespace, console: Console, target: Path) -> int:
    from checker.questionnaire.interview import Interview
    from checker.questionnaire.questions import questions
    from checker.questionnaire.remaining import Remaining

    machine = cache(_machine)
    asked = questions(machine)
    given, extra = _given(args, asked), _stated(args, _EXTRA)
    around, standing, basis = _basis(args, console, target.parent)
    remaining, talk = Remaining(around, standing), _dialogue(console)
    interview = Interview(asked, given, extra, remaining, around.catalogue.ids(), talk, machine, target.as_posix())
    person = console.stdin.isatty() and not args.no_input
    if not person:
        _refuse_missing(interview, args)
    _begin(talk, basis, person=person)
    offered = () if args.no_scan else _offers(target.parent, around.catalogue)
    if person:
        interview.offer = _declared_first(offered, args, talk, around.catalogue)
        interview.ask()
    else:
        interview.take()
    picked: Ranked | None = None
    while picked is None:
        chosen, shortlist = _shortlist(interview, remaining, offered, basis, args, target.as_posix(), talk)
        shortlist.show()
        if args.model is not None or not person:
            named = _named(args, chosen, shortlist, remaining)
            if named is None or not named.passes:
                return _refused(named, talk)
            picked = named
        else:
            picked = shortlist.ask(interview.offer.model if interview.offer else "")
            if picked is None:
                interview.ask(interview.back())
    code = _finish(args, console, target, interview, picked, talk)
    others = [offer.model for offer in offered if offer.model != picked.judged.id]
    if others:
        talk.say(f"In use and not declared by this: {', '.join(others)}; `weighbridge scan` judges them.")
    return code


def _machine() -> Machine | None:
    from checker.hardware import detect

    return detect()


def _given(args: Namespace, asked: tuple[Question, ...]) -> dict[str, dict[str, str]]:
    """What options answer, by the questions' keys.

    Raises:
        InputError: everything that is no answer.
    """
    given: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for question in asked:
        text = getattr(args, question.key)
        if question.key == "gpu":
            text = _hardware(args)
        if text is None:
            continue
        try:
            given[question.key] = question.answer(text)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(tuple(problems))
    return given


def _hardware(args: Namespace) -> str | None:
    """`--gpu`, `--vram`, `--instance` and `--count` as the one answer that they are."""
    named = {"gpu": args.gpu, "vram": args.vram, "instance": args.instance}
    given: dict[str, str] = {key: text for key, text in named.items() if text is not None}
    if len(given) > 1:
        first, second, *_ = given
        raise InputError.one(f"--{first} and --{second} are both given", expected="one of them", file=f"--{second}")
    text = next(iter(given.values()), None)
    if args.count is None:
        return text
    if text is None:
        raise InputError.one("--count without what is counted", expected="--gpu, --vram or --instance", file="--count")
    if not (args.count.isascii() and args.count.isdecimal() and len(args.count) <= _MOST_DIGITS):
        raise InputError.one(f"`{args.count}` is no count", expected="a whole number from 1", file="--count")
    return f"{args.count} x {text}"


_MOST_DIGITS = 6
"""Of a count of devices."""


def _stated(args: Namespace, keys: dict[str, tuple[str, str]]) -> dict[str, str]:
    return {key: " ".join(value.split()) for key in keys if (value := getattr(args, key)) is not None}


def _basis(args: Namespace, console: Console, folder: Path) -> tuple[Surroundings, Standing, Basis]:
    """Where the manifest will stand, the policy that applies there, and what is said of both."""
    from checker import __version__, applying
    from checker.facts.catalogue import Catalogue
    from checker.gate import lock_beside, locks_of
    from checker.selection.chosen import Basis
    from checker.selection.gathered import Surroundings

    root = applying.root_of(folder)
    request = _request(args, console, folder)
    standing = applying.standing(applying.key_of(request, root))
    catalogue = Catalogue()
    around = Surroundings(folder, root, catalogue, locks_of(lock_beside(folder, root), standing.policy))
    models_from = f"{len(catalogue.ids())} models of the catalogue of {catalogue.recorded}"
    stamp = applying.stamp_of(standing.policy)
    relaxed = (*request.relaxations, *applying.loosened_by(standing.policy))
    return around, standing, Basis(__version__, request.today, catalogue.digest(), stamp, models_from, relaxed)


def _request(args: Namespace, console: Console, folder: Path) -> Request:
    """What `check` would be asked about the file."""
    return _gate.request(args, console, (folder,))


def _dialogue(console: Console) -> Dialogue:
    from checker.questionnaire.dialogue import Dialogue

    return Dialogue(console, console.columns(), emphasis=_color.is_wanted("auto", console.err, console.environ))


def _begin(talk: Dialogue, basis: Basis, *, person: bool) -> None:
    policy = basis.policy
    talk.say(f"policy {policy.name} {policy.version}, sha256 {policy.sha256[:12]}; {basis.models_from}")
    for relaxation in basis.relaxations:
        talk.say(f"relaxed: {relaxation}")
    if person:
        talk.say("The five steps of the checklist make a model.yaml. ? explains, < goes back, Ctrl-C leaves.")


def _refuse_missing(interview: Interview, args: Namespace) -> None:
    """Without a person to ask, every answer that is missing is told at once."""
    from checker.questionnaire.question import option_of

    problems = [
        Problem(f"not answered: {question.asks}", expected=question.expected, file=option_of(question.key))
        for question in interview.missing()
    ]
    if problems:
        if args.model is None:
            hint = "with everything else answered, the candidates are listed"
            problems.append(Problem("no model is chosen", expected="the id of a model", hint=hint, file="--model"))
        raise InputError(tuple(problems))


def _offers(folder: Path, catalogue: Catalogue) -> tuple[Offer, ...]:
    """The models that code in the folder uses."""
    from checker.questionnaire.used import offers
    from checker.scan.find import scan
    from checker.scan.models import gathered

    try:
        found = scan(folder, (), catalogue)
    except InputError as error:
        problem = error.problems[0]
        raise InputError.one(problem.sentence, expected="`--no-scan`", file=problem.file) from error
    return offers(gathered(found.uses, catalogue), catalogue)


def _declared_first(offered: tuple[Offer, ...], args: Namespace, talk: Dialogue, catalogue: Catalogue) -> Offer | None:
    """The model in use that the manifest is to begin with, as the person says; None for none of them."""
    from checker.questionnaire.used import ask, find

    if args.model is not None:
        return find(offered, args.model, catalogue)
    return ask(offered, talk) if offered else None


def _shortlist(
    interview: Interview,
    remaining: Remaining,
    offered: tuple[Offer, ...],
    basis: Basis,
    args: Namespace,
    name: str,
    talk: Dialogue,
) -> tuple[Chosen, Shortlist]:
    """The models that are left, what is in use and what is named, judged by all rules together and ranked."""
    from checker.questionnaire.shortlist import SHOWN, Shortlist
    from checker.questionnaire.written import open_manifest
    from checker.selection import ask
    from checker.selection.chosen import choose
    from checker.selection.rank import WEIGHTS, Wishes, benchmark_for

    source = open_manifest(interview.stated, name)
    named = [remaining.known(args.model)] if args.model is not None else []
    ids = dict.fromkeys((*interview.left, *(offer.model for offer in offered), *named))
    wishes = Wishes(WEIGHTS, benchmark_for(interview.stated["objective"]), basis.today)
    chosen = choose(remaining.judged(source, ids), ask.of_manifest(source), wishes, basis, SHOWN)
    return chosen, Shortlist(chosen, offered, talk)


def _named(args: Namespace, chosen: Chosen, shortlist: Shortlist, remaining: Remaining) -> Ranked | None:
    """The model that `--model` names; None where none is and none passes.

    Raises:
        InputError: none is named, though some pass.
    """
    if args.model is not None:
        return chosen.find(remaining.known(args.model))
    names = shortlist.names()
    if not names:
        return None
    raise InputError.one("no model is chosen", expected=f"one of those that pass: {', '.join(names)}", file="--model")


def _refused(named: Ranked | None, talk: Dialogue) -> int:
    """Say why nothing is written, and return the code that it has."""
    from checker.selection.chosen import reasons
    from checker.selection.judge import Group

    if named is None:
        talk.say("No model passes with these answers; nothing was written.")
        return ExitCode.BLOCKED
    talk.say(f"{named.judged.id} does not pass with these answers ({named.judged.group}); nothing was written.")
    for line in reasons(named.judged):
        talk.say(line, 2, 4)
    return ExitCode.UNKNOWN if named.judged.group is Group.UNKNOWN else ExitCode.BLOCKED


def _finish(
    args: Namespace, console: Console, target: Path, interview: Interview, picked: Ranked, talk: Dialogue
) -> int:
    """Judge what will be written as `check` would, write it, and say so."""
    from checker.questionnaire.accepted import checked, lines
    from checker.questionnaire.written import with_model

    source = with_model(interview.stated, target.as_posix(), picked.judged)
    report = checked(source, target.parent, _request(args, console, target.parent))
    if not args.print:
        replace_file(target, source.text)
        talk.heading(f"{target.as_posix()}: wrote {picked.judged.id}")
    console.out.write(source.text)
    console.out.flush()
    for line, indent in lines(report):
        talk.say(line, indent, 2 * indent)
    talk.say("Next: `weighbridge lock` records what the Hub says of the commit; `weighbridge check` is the gate.")
    return int(report.exit_code)
