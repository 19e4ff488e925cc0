"""An answer for programs: `weighbridge schema fit` is made from these classes, and mypy holds the code to them."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from checker.sizing.json_parts import (
    Fits,
    JsonAlternative,
    JsonBand,
    JsonGuide,
    JsonHardware,
    JsonLadder,
    JsonMoment,
    JsonRange,
    JsonRun,
    JsonTerm,
    JsonTrace,
)
from checker.sizing.json_serving import JsonCacheLadder, JsonChoice, JsonCost, JsonRoom, JsonStart

FORMAT_VERSION: Literal[1] = 1
GPUS = 8
"""GPUs that are named as alternatives, the smallest first."""


class JsonAnswer(TypedDict):
    """What one plan needs. `line` and `id` stand in answers of a batch, `entry` in those of a manifest.

    `measured` stands where a calibration has runs of the plan. `alternatives` is null where they were not asked for,
    and empty where the plan fits or nothing helps. `room` is null for a training, without hardware, and where it was
    not asked for.
    """

    format: Literal[1]
    """The version of this format."""
    line: NotRequired[int]
    """The line of the batch, counted from 1."""
    id: NotRequired[str | int | float]
    """The `id` that the line gives itself."""
    entry: NotRequired[str]
    """The name of the manifest's entry."""
    measured: NotRequired[list[JsonRun]]
    """Runs of this very plan, those on GPUs first."""
    model: str
    """The model's id, or the path by which it was described."""
    kind: Literal["training", "serving"]
    """What is planned."""
    plan: dict[str, object]
    """Every key of the plan with its value, defaults too."""
    certainty: str
    """The lowest certainty of the facts that the memory depends on: `verified`, `declared`, `inferred` or `claimed`."""
    fits: Fits | None
    """Whether the hardware holds it; `tight`: inside the estimate's error band; null without hardware."""
    needed_bytes: int
    """What is needed at the fullest moment, in bytes of one GPU."""
    allocated_bytes: int
    """What of that lives in tensors: `torch.cuda.max_memory_allocated`."""
    reserved_bytes: JsonRange | None
    """What the allocator's pool may reach; null where nothing was measured."""
    device_bytes: JsonRange | None
    """What the driver may show; null where nothing was measured."""
    moment: str
    """The moment at which memory is fullest."""
    terms: list[JsonTerm]
    """What is needed then, part by part, the largest first."""
    moments: list[JsonMoment]
    """The fullest point of each part of a step, in order; empty where nothing moves."""
    assumptions: list[str]
    """What stands in for something that nobody said."""
    warnings: list[str]
    """What is odd about the plan, which can be estimated all the same."""
    band: JsonBand
    """How far measurements may lie from the estimate."""
    guide: JsonGuide | None
    """The published figure beside it; null where none is published."""
    hardware: JsonHardware | None
    """What the plan is held against; null where no hardware is named."""
    room: JsonRoom | None
    """What one GPU has room for beside the deployment."""
    alternatives: list[JsonAlternative] | None
    """What would fit instead."""
    gpus: list[str]
    """Common GPUs that hold the plan as it is, the smallest first; empty where it fits."""
    start: list[str]
    """Lines that start what was planned: the server's command, or the arguments of transformers' Trainer."""
    ladder: JsonLadder | None
    """A table of plans around this one; null where none was made."""
    trace: JsonTrace | None
    """The step traced through the library's own code; null where it was not asked for."""
    ladders: NotRequired[list[JsonCacheLadder]]
    """A table for each number format of the KV cache, the plan's first; stands where they were made."""
    choices: NotRequired[list[JsonChoice]]
    """Ways to store the weights, the largest first; stands for one deployment."""
    context_cost: NotRequired[JsonCost | None]
    """What context and requests cost, and null where that is not known; stands where it was asked for."""
    command: NotRequired[JsonStart]
    """The start command with its reasons; stands where it was asked for."""


class JsonProblem(TypedDict):
    """One thing that is wrong with a plan, and the nearest name where one is near."""

    message: str
    """What is wrong, in one sentence."""
    place: str | None
    """`file:line:column`, as far as it is known; null where it is not."""
    key: str | None
    """The key of the plan that it is about; null where it is about none."""
    expected: str
    """What was expected; empty where nobody can say."""
    nearest: str | None
    """The known name nearest to the one written; null where none is near."""
    hint: str
    """What to do; empty where that is plain."""


class JsonError(TypedDict):
    """Why there is no answer: bad input, something unknown, or a bug. `missing` are facts that no source states."""

    kind: Literal["bad-input", "unknown", "bug"]
    """`bad-input`: the plan cannot be used; `unknown`: a fact is missing; `bug`: a mistake of Weighbridge."""
    message: str
    """What is wrong, in one sentence."""
    place: str | None
    """`file:line:column`, as far as it is known; null where it is not."""
    key: str | None
    """The key of the plan that it is about; null where it is about none."""
    expected: str
    """What was expected; empty where nobody can say."""
    nearest: str | None
    """The known name nearest to the one written; null where none is near."""
    hint: str
    """What to do; empty where that is plain."""
    missing: list[str]
    """Facts that no source states, as `known:` of a manifest spells them."""
    more: list[JsonProblem]
    """What else is wrong with the same plan."""


class JsonRefusal(TypedDict):
    """A plan without an answer."""

    format: Literal[1]
    """The version of this format."""
    line: NotRequired[int]
    """The line of the batch, counted from 1."""
    id: NotRequired[str | int | float]
    """The `id` that the line gives itself."""
    entry: NotRequired[str]
    """The name of the manifest's entry."""
    kind: NotRequired[Literal["training", "serving"]]
    """What is planned; stands beside `entry`."""
    error: JsonError
    """Why there is no answer."""


class JsonTogether(TypedDict):
    """Deployments that share their GPUs. `shares`: the part of a GPU that each may take; null where they do not fit."""

    entries: list[str]
    """The names of the entries."""
    needed_bytes: int
    """What all of them need, in bytes of one GPU."""
    most_bytes: int
    """The same at the upper end of the error bands."""
    left_bytes: int | None
    """What stays free beside the headroom, below 0 where they do not fit; null without hardware."""
    fits: Fits | None
    """Whether they fit together; null without hardware."""
    shares: list[float] | None
    """The part of each GPU that each may take, 0 to 1, in the order of `entries`; null where they do not fit, and
    without hardware."""
    gpus: list[str]
    """Common GPUs of which as many as are planned hold all, the smallest first."""


class JsonEntries(TypedDict):
    """The answers to all plans of a manifest, or to several models; `manifest` is null for these."""

    format: Literal[1]
    """The version of this format."""
    manifest: str | None
    """The manifest's path; null where models were named instead."""
    answers: list[JsonAnswer | JsonRefusal]
    """An answer to each plan, in order."""
    together: NotRequired[JsonTogether]
    """What those need together that share their GPUs."""
