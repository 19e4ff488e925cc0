"""Completes a plan: what nobody wrote is filled in and said, and what contradicts the model is refused."""

from __future__ import annotations

from typing import TypeVar

from checker.document.bind import Block
from checker.document.errors import InputError, Problem
from checker.document.place import NOWHERE, At
from checker.facts.model import ArchitectureClass
from checker.manifest.choices import Method, Objective
from checker.manifest.deployment import ServingKeys
from checker.manifest.fine_tuning import TrainingKeys
from checker.memory import serving
from checker.memory.formats import GGUF
from checker.memory.model import is_encoder
from checker.memory.native import Native, Unclear, as_configured, as_published
from checker.memory.plan import LIMITS, Runtime, ServingPlan, Task, TrainingPlan
from checker.memory.runtimes import cannot_load, cannot_serve
from checker.memory.stacks import completed
from checker.memory.weights import canonical, format_in_name
from checker.sizing.subject import Subject, Unanswerable
from checker.value import NamedTuple

PlanT = TypeVar("PlanT", TrainingPlan, ServingPlan)

METHOD = Method.LORA
SEQUENCE_LENGTH = 2048
CONTEXT_WINDOW = 8192
"""What stands in for the core of a plan that nobody wrote, in tokens; every answer says so."""


def refuse_absurd(keys: Block) -> None:
    """Refuse sizes that nobody runs.

    Raises:
        InputError: there are some.
    """
    sizes = [(key, most, getattr(keys, key, None)) for key, most in LIMITS.items()]
    problems = tuple(
        Problem(f"`{key}` is `{size.value}`", expected=f"at most {most}", at=size.at)
        for key, most, size in sizes
        if size is not None and size.value > most
    )
    if problems:
        raise InputError(problems)


class Training(NamedTuple):
    """A fine-tuning without gaps."""

    plan: TrainingPlan
    assumed: tuple[str, ...]
    """`key value` for each key that nobody wrote."""


class Serving(NamedTuple):
    """A deployment without gaps."""

    plan: ServingPlan
    assumed: tuple[str, ...]
    notes: tuple[str, ...]
    """Where something was read that nobody wrote."""
    task: Task
    """What the model is for."""


def training_of(keys: TrainingKeys, objective: At[Objective] | None, subject: Subject, devices: int) -> Training:
    """The fine-tuning that is planned.

    Raises:
        InputError: the objective is none for such a model, or a size is absurd.
    """
    refuse_absurd(keys)
    assumed = []
    if keys.method is None:
        assumed.append(f"method {METHOD}")
        keys = keys.model_copy(update={"method": At(METHOD, NOWHERE)})
    if keys.sequence_length is None:
        length = min(SEQUENCE_LENGTH, subject.native_context or SEQUENCE_LENGTH)
        assumed.append(f"sequence_length {length}")
        keys = keys.model_copy(update={"sequence_length": At(length, NOWHERE)})
    task, wanted = _task(objective, subject)
    if objective is None:
        assumed.append(f"objective {wanted}")
    whole = completed(keys.asked(), task, devices, subject.model.traits.labels or 2)
    return Training(whole.plan, (*assumed, *whole.assumed))


_WRITES = (ArchitectureClass.DECODER, ArchitectureClass.ENCODER_DECODER)
_EMBEDS = (ArchitectureClass.BI_ENCODER, ArchitectureClass.LATE_INTERACTION, ArchitectureClass.SPARSE_RETRIEVER)
_TASKS = {
    Objective.CHAT: Task.CAUSAL,
    Objective.TEXT_GENERATION: Task.CAUSAL,
    Objective.SIMILARITY: Task.EMBED,
    Objective.RERANKING: Task.CLASSIFY,
    Objective.MULTI_LABEL_CLASSIFICATION: Task.CLASSIFY,
    Objective.MULTI_CLASS_CLASSIFICATION: Task.CLASSIFY,
}


def _task(objective: At[Objective] | None, subject: Subject) -> tuple[Task, Objective]:
    """What a step computes: as the objective asks, else as models of this kind are used."""
    built = subject.model.architecture
    if objective is not None and objective.value in _TASKS:
        if is_encoder(subject.model) and objective.value in (Objective.CHAT, Objective.TEXT_GENERATION):
            raise _cannot_write(objective, subject)
        return _TASKS[objective.value], objective.value
    if built in _EMBEDS:
        return Task.EMBED, Objective.SIMILARITY
    if built is ArchitectureClass.CROSS_ENCODER:
        return Task.CLASSIFY, Objective.RERANKING
    if is_encoder(subject.model):
        return Task.CLASSIFY, Objective.MULTI_CLASS_CLASSIFICATION
    return Task.CAUSAL, Objective.TEXT_GENERATION


def _cannot_write(objective: At[Objective], subject: Subject) -> InputError:
    fitting = [word for word, task in _TASKS.items() if task is not Task.CAUSAL]
    sentence = f"`{objective.value}` asks for a model that writes, and {subject.name} is of class"
    return InputError.one(
        f"{sentence} {subject.model.architecture}", expected=f"one of {', '.join(fitting)}", at=objective.at
    )


def serving_of(keys: ServingKeys, objective: At[Objective] | None, subject: Subject) -> Serving | Unanswerable:
    """The deployment that is planned.

    Raises:
        InputError: the runtime does not run such a plan, or a size is absurd.
    """
    refuse_absurd(keys)
    stored = _stored(keys, subject)
    if isinstance(stored, Unanswerable):
        return stored
    quantization, notes = stored
    runtime = Runtime(keys.runtime.value) if keys.runtime else serving.default_runtime(subject.model, quantization)
    assumed = [] if keys.runtime else [f"runtime {runtime}"]
    if keys.quantization is None and not notes:
        assumed.append(f"quantization {quantization}")
    window = keys.context_window.value if keys.context_window else None
    if window is None:
        window = min(CONTEXT_WINDOW, subject.native_context or CONTEXT_WINDOW)
        assumed.append(f"context_window {window}")
    for key in ("parallel_requests", "kv_cache"):
        if getattr(keys, key).at is NOWHERE:
            assumed.append(f"{key} {getattr(keys, key).value}")
    plan = ServingPlan(
        runtime=runtime,
        context_window=window,
        parallel_requests=keys.parallel_requests.value,
        quantization=quantization,
        kv_cache=keys.kv_cache.value,
        prompt_tokens=keys.prompt_tokens.value if keys.prompt_tokens else None,
        runtime_version=keys.runtime_version.value if keys.runtime_version else "",
    )
    if problems := _contradictions(keys, objective, subject, plan):
        raise InputError(problems)
    task, _ = _task(objective, subject)
    return Serving(plan, tuple(assumed), notes, task)


def _stored(keys: ServingKeys, subject: Subject) -> tuple[str, tuple[str, ...]] | Unanswerable:
    """How the weights are stored, and where that was read if nobody wrote it."""
    if keys.quantization is not None:
        return canonical(keys.quantization.value.value), ()
    found = format_in_name(subject.name)
    if found is not None:
        return found, (f"quantization {found}, read from the name {subject.name}",)
    if "gguf" in subject.name.casefold() or subject.weight_formats == ("gguf",):
        reason = f"{subject.name} holds GGUF files, which come in many sizes"
        return Unanswerable(reason, hint="`quantization: Q4_K_M` says which")
    published = _published(subject)
    if isinstance(published, Unclear):
        return Unanswerable(published.reason, hint=f"`quantization: {published.example}` says it")
    if published is None:
        return "none", ()
    stated = subject.config is not None and not subject.listed
    words = f"by {published.source}" if stated else f"as published ({published.source})"
    return published.quantization, (f"quantization {published.quantization}, {words}",)


def _published(subject: Subject) -> Native | Unclear | None:
    family = subject.model.model_type
    if subject.config is not None and not subject.listed:
        return as_configured(subject.config, family)
    return as_published(subject.name, family)


def _either(words: list[str]) -> str:
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def own_format(subject: Subject) -> str | None:
    """How the files of a model are stored, as far as its name, its configuration or its publisher says."""
    found = format_in_name(subject.name)
    published = None if found else _published(subject)
    return found or (published.quantization if isinstance(published, Native) else None)


def _contradictions(
    keys: ServingKeys, objective: At[Objective] | None, subject: Subject, plan: ServingPlan
) -> tuple[Problem, ...]:
    problems = []
    if reason := cannot_load(plan.runtime, plan.quantization):
        at = next((key.at for key in (keys.quantization, keys.runtime) if key is not None), keys.at)
        instead = "runtime llama.cpp" if plan.quantization in GGUF else "runtime vllm"
        if plan.runtime is Runtime.LLAMA_CPP:
            instead = "a GGUF type such as Q4_K_M"
        problems.append(Problem(reason, expected=instead, at=at))
    if plan.prompt_tokens is not None and plan.prompt_tokens > plan.context_window and keys.prompt_tokens:
        sentence = f"`prompt_tokens` is {plan.prompt_tokens}, and the context has {plan.context_window} tokens"
        problems.append(Problem(sentence, expected=f"at most {plan.context_window}", at=keys.prompt_tokens.at))
    writing = objective is not None and objective.value in (Objective.CHAT, Objective.TEXT_GENERATION)
    if objective is not None and writing and is_encoder(subject.model):
        return (*problems, *_cannot_write(objective, subject).problems)
    task, _ = _task(objective, subject)
    if not problems and (reason := cannot_serve(plan.runtime, subject.model, task)):
        able = [
            runtime.value
            for runtime in Runtime
            if cannot_serve(runtime, subject.model, task) is None and cannot_load(runtime, plan.quantization) is None
        ]
        at = keys.runtime.at if keys.runtime else keys.at
        problems.append(Problem(reason, expected=f"runtime {_either(able)}" if able else "another model", at=at))
    return tuple(problems)
