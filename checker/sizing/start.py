"""How the plan of an answer is started: the command of its runtime, or what a cluster is told."""

from __future__ import annotations

import re
from collections.abc import Callable

from checker.document.errors import InputError, visible
from checker.facts.model import ArchitectureClass
from checker.memory.gpus import gpus
from checker.memory.plan import Runtime, TrainingPlan
from checker.sizing.answer import Answer
from checker.sizing.plans import own_format
from checker.sizing.starting import kubernetes, llama_cpp, tei, tgi, trainer, transformers, vllm
from checker.sizing.starting.launch import Artefact, Case, Launch, share_of
from checker.value import NamedTuple

_RUNTIMES: dict[Runtime, Callable[[Case], Launch]] = {
    Runtime.VLLM: vllm.launch,
    Runtime.TGI: tgi.launch,
    Runtime.LLAMA_CPP: llama_cpp.launch,
    Runtime.TEI: tei.launch,
}
KUBERNETES = "kubernetes"


class Start(NamedTuple):
    """What was asked for by `--command`."""

    target: str
    text: str
    """What is run or applied, without comments on options."""
    launch: Launch


def commands(answer: Answer) -> tuple[str, ...]:
    """Lines that start what was planned."""
    if isinstance(answer.plan, TrainingPlan):
        return trainer.arguments(answer.plan)
    return launch_of(answer).lines


def launch_of(answer: Answer) -> Launch:
    """The command that serves a deployment."""
    case = case_of(answer)
    if case.plan.runtime is Runtime.TRANSFORMERS:
        pair = answer.subject.model.architecture is ArchitectureClass.ENCODER_DECODER
        return transformers.launch(case, encoder_decoder=pair)
    return _RUNTIMES[case.plan.runtime](case)


def case_of(answer: Answer) -> Case:
    """What a start command is made from."""
    plan, subject = answer.plan, answer.subject
    assert not isinstance(plan, TrainingPlan)
    whole = share_of(answer.headroom) if answer.hardware is not None else None
    name = _loaded(subject.name)
    return Case(
        artefact=Artefact(
            name=name,
            revision=subject.revision,
            pinned_by=subject.pinned_by,
            local=not subject.listed and _ID.fullmatch(name) is None,
            stored=own_format(subject) or "",
        ),
        plan=plan,
        task=answer.task,
        devices=answer.devices,
        share=whole if answer.share is None else answer.share,
        shared=answer.share is not None,
    )


_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+", re.ASCII)
"""The form of an id on the Hub; a described model may have such a name too."""


def _loaded(name: str) -> str:
    """What a program loads: of a model that was described by its config.json the folder around it."""
    folder, _, file = name.rpartition("/")
    if file != "config.json":
        return name
    return folder if folder.startswith((".", "/", "~")) else f"./{folder}"


def start(answer: Answer, target: str, image: str | None = None) -> Start:
    """What `--command` prints.

    Raises:
        InputError: the plan is a training or its runtime another one, no cluster runs it, or the model's name is none
            that a command may hold.
    """
    plan = answer.plan
    if isinstance(plan, TrainingPlan):
        raise _refused("`--command` starts a server, and this is a training", "`--serve`")
    for word in (answer.subject.name, answer.subject.revision):
        _check_word(word or "")
    if target != KUBERNETES:
        if plan.runtime.value != target:
            raise _refused(f"`--command {target}` beside runtime {plan.runtime}", f"`--command {plan.runtime}`")
        launch = launch_of(answer)
        return Start(target, "".join(f"{_folded(launch, line)}\n" for line in launch.lines), launch)
    if plan.runtime not in kubernetes.SERVERS:
        names = ", ".join(runtime.value for runtime in kubernetes.SERVERS)
        raise _refused(f"{plan.runtime} is a library and answers nobody", f"runtime {names}")
    launch = launch_of(answer)
    return Start(target, kubernetes.resources(case_of(answer), launch, _resource(answer), image), launch)


def _folded(launch: Launch, line: str) -> str:
    """The last command with an option a line."""
    if line != launch.line:
        return line
    from checker.sizing.starting.launch import joined

    options = (joined(flag.words) for flag in launch.flags)
    return " \\\n  ".join((joined(launch.program), *options))


def _resource(answer: Answer) -> str:
    """What the cluster calls such a GPU; NVIDIA's where nobody names one."""
    label = answer.hardware.label if answer.hardware else ""
    vendor = next((gpu.vendor for gpu in gpus() if gpu.name == label), "NVIDIA")
    found = kubernetes.resource_of(vendor)
    if found is None:
        raise _refused(f"no device plugin of Kubernetes is known for {label}", "a GPU of NVIDIA, AMD or Intel")
    return found


def _check_word(word: str) -> None:
    """Refuse names and revisions that could end a line, or that a program would take for an option."""
    if word.startswith("-") or visible(word) != word:
        sentence = f"`{visible(word)}` is no name that a command may hold"
        raise _refused(sentence, "one without control characters that does not begin with a dash")


def _refused(sentence: str, expected: str) -> InputError:
    return InputError.one(sentence, expected=expected, file="fit")
