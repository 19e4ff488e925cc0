"""The questions of the checklist, step by step, with what the guidance says of each answer."""

from __future__ import annotations

from collections.abc import Callable

from checker.guidance.guidance import Objective, guidance
from checker.hardware import Machine
from checker.manifest.choices import Goal, Method, Purpose
from checker.manifest.tokens import written
from checker.manifest.use import Distribution
from checker.questionnaire.hardware import EXPECTED, reader
from checker.questionnaire.question import REST, Choice, Question, Stated

LATER = "later"
_GENERATES = ("chat", "text-generation")
_WHAT_METHODS_TRAIN = {
    Method.FULL: "all weights: most memory, most freedom",
    Method.LORA: "low-rank adapters on frozen 16-bit weights",
    Method.QLORA: "low-rank adapters on frozen 4-bit weights: least memory",
}
_TERMS = ("license-use", "license-lineage", "license-obligations")
"""The rules that hold terms against where and how a model is used."""
_PURPOSES = {
    Purpose.COMMERCIAL: "a product, or work for an organisation that earns money",
    Purpose.RESEARCH: "research that is not sold",
    Purpose.PERSONAL: "one person's own use",
}
_DISTRIBUTIONS = {
    Distribution.SERVICE: "others use it over a network",
    Distribution.INTERNAL: "nobody outside uses it",
    Distribution.WEIGHTS: "the weights are handed out",
    Distribution.ON_DEVICE: "the weights are on customers' devices",
}


def questions(machine: Callable[[], Machine | None]) -> tuple[Question, ...]:
    """All questions in their order.

    Args:
        machine: what this machine has; asked only where an answer depends on it.
    """
    return (*_task(), *_tuning(), *_hardware(machine), _scale(), *_use(), _baseline())


def _task() -> tuple[Question, ...]:
    told = guidance()
    documents = (Choice("none", "short texts, or none"), Choice("long-form", _long_form()))
    return (
        Question(
            "objective",
            1,
            "What is the model to do?",
            "A model is built for one kind of task: what writes text makes poor vectors for search, and what makes "
            "vectors or labels cannot chat. The answer decides which architectures remain.",
            (*map(_objective, told.objectives), Choice("other", "something else; its name is asked next")),
            concerns=("architecture-objective", "classification-head"),
        ),
        Question(
            "task",
            1,
            "What is that task called?",
            "It is recorded, so that a reader knows what the model is for; no rule knows such tasks.",
            hint="a name such as speech-recognition",
            applies=lambda stated: stated.get("objective") == "other",
        ),
        Question(
            "documents",
            1,
            "Does it read long documents?",
            "A context window that is too short loses what stood at the beginning, and nothing says so.",
            documents,
            usual="none",
            none="none",
            applies=lambda stated: stated.get("objective") in _GENERATES,
        ),
    )


def _tuning() -> tuple[Question, ...]:
    goals = (
        Choice("none", "it is used as it is published"),
        *(Choice(goal.name, _start(goal.name)) for goal in guidance().goals),
    )
    return (
        Question(
            "goal",
            1,
            "Will it be fine-tuned, and what is that to change?",
            "The goal decides what to start from: a new language or vocabulary wants a base model, behaviour, tone and "
            "output format want an instruct one. Knowledge that changes belongs into retrieval, not into weights.",
            goals,
            usual="none",
            none="none",
            concerns=("base-or-instruct",),
        ),
        Question(
            "method",
            1,
            "How will it be fine-tuned?",
            "The method moves the memory of training more than anything but the model's size.",
            tuple(Choice(method.value, _WHAT_METHODS_TRAIN[method]) for method in Method),
            applies=_is_tuned,
        ),
        Question(
            "sequence_length",
            1,
            "How many tokens has a training sample at most?",
            "Activations grow with it: it decides whether a training fits beside its weights.",
            hint="a number of tokens such as 2048 or 2k",
            applies=_is_tuned,
            read=_tokens("sequence_length"),
        ),
    )


def _hardware(machine: Callable[[], Machine | None]) -> tuple[Question, ...]:
    return (
        Question(
            "context_window",
            2,
            "How many tokens has one request at most, prompt and answer together?",
            "The KV cache grows with it, and a model answers badly beyond the context that it was trained for. About "
            "four English letters are a token; a page has some 700.",
            hint="a number of tokens such as 8192 or 16k",
            none="none",
            read=_tokens("context_window"),
            concerns=("context-window",),
        ),
        Question(
            "parallel_requests",
            2,
            "How many requests are answered at the same time?",
            "Each has a KV cache of its own beside the one copy of the weights.",
            hint="a whole number",
            usual="1",
            applies=lambda stated: bool(stated.get("context_window")),
        ),
        Question(
            "gpu",
            2,
            "What does it run on?",
            "A model that does not fit fails on the first long request, not on the first short one. For a laptop or a "
            "phone, answer how much memory the model may have.",
            hint=EXPECTED,
            read=reader(machine),
            concerns=("serving-fits", "training-fits"),
        ),
    )


def _scale() -> Question:
    classes = [
        Choice(size.name, f"{size.least_billions:g}-{size.most_billions:g} B parameters: {size.use_case}")
        for size in guidance().size_classes
    ]
    return Question(
        "size_class",
        3,
        "Which scale does the task need?",
        "Memory, speed and cost grow with the number of parameters; a larger model than the task needs is "
        "paid for with every request. Models for vectors and labels are mostly below the smallest "
        "class; `edge` includes them.",
        (*classes, Choice("any", "the ranking decides; the scale is left out of the manifest")),
        none="any",
        concerns=("size-class",),
    )


def _use() -> tuple[Question, ...]:
    return (
        Question(
            "purpose",
            4,
            "What is the use for?",
            "Licences distinguish it: some permit research alone, and the policy may know more.",
            tuple(Choice(purpose.value, _PURPOSES[purpose]) for purpose in Purpose),
            concerns=(REST,),
        ),
        Question(
            "distribution",
            4,
            "What of the model leaves the organisation? Several with commas.",
            "Handing out weights brings duties that a service does not have: notices, the licence's text, a name.",
            tuple(Choice(kind.value, _DISTRIBUTIONS[kind]) for kind in Distribution),
            several=True,
            concerns=_TERMS,
        ),
        Question(
            "region",
            4,
            "Where is it used? Codes with commas.",
            "A few licences exclude countries or regions, such as the European Union for multimodal models.",
            hint="codes such as EU, US",
            several=True,
            usual="none",
            none="none",
            concerns=_TERMS,
        ),
    )


def _baseline() -> Question:
    benchmarks = " and ".join(guidance().benchmarks)
    return Question(
        "baseline",
        5,
        "Which file holds the results of the model before fine-tuning?",
        "Without them nobody can say what the tuning gained, or that it lost something. Run lm-evaluation-harness on "
        f"the untuned model; {benchmarks} are the usual comparisons.",
        hint="the path of its JSON output",
        none=LATER,
        applies=_is_tuned,
    )


def _is_tuned(stated: Stated) -> bool:
    return bool(stated.get("goal"))


def _tokens(key: str) -> Callable[[str], dict[str, str]]:
    """Reads a number of tokens; `16k` is 16 times 1024."""
    return lambda said: {key: written(key, said)}


def _objective(item: Objective) -> Choice:
    example = item.examples[0].rpartition("/")[2]
    note = f"; {item.note}" if item.note else ""
    return Choice(item.name, f"{item.use_case}: {item.architectures[0]}, such as {example}{note}")


def _start(goal: str) -> str:
    kinds = next(item.variants for item in guidance().goals if item.name == goal)
    return f"{_GOALS[Goal(goal)]}: start from a model of kind {' or '.join(kinds)}"


_GOALS = {
    Goal.BEHAVIOUR: "what it does and refuses",
    Goal.TONE: "how it speaks",
    Goal.OUTPUT_FORMAT: "the form of answers, such as JSON",
    Goal.NEW_LANGUAGE: "a language that it lacks",
    Goal.DOMAIN_VOCABULARY: "the words of a field",
    Goal.DOMAIN_KNOWLEDGE: "what it knows of a field",
}


def _long_form() -> str:
    asked = guidance().long_form
    return (
        f"contracts, papers, books: asks for {asked.least_tokens // 1024}k to {asked.most_tokens // 1024}k of context"
    )
