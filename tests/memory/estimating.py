"""What the arithmetic says of a plan, whole: every term with its formula, every moment, both ends of the band.

A file of `estimates/` holds plans of one kind. Each case is a line with a model and the fields of its plan that are not
the defaults; what the estimate says is written below, and a test compares it. `python -m tests.memory.estimating` writes
the files anew from the code: read the difference before you commit it. That the terms are right is for the tests beside
this one, which compute them by hand, and for the rows of measured peaks; these files notice that one has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from checker.facts.model import ArchitectureClass, Dimensions
from checker.memory import alternatives, capacity, ladder, serving, training
from checker.memory.config import model_of_config
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.model import Model
from checker.memory.plan import Hardware, ServingPlan, TrainingPlan
from checker.memory.units import GIB
from tests.memory.serving_accuracy import serving_models

FOLDER = Path(__file__).parent / "estimates"
PLANS: dict[str, type[TrainingPlan | ServingPlan]] = {"training": TrainingPlan, "serving": ServingPlan}
KINDS = (*PLANS, "training-instead", "serving-instead")
"""The latter two: what would fit on a device of `gib` instead, and what there is room for."""


@cache
def known_models() -> dict[str, Model]:
    """The models of the measured rows, and encoder-decoders, of which none was measured."""
    flan = Dimensions(
        num_hidden_layers=12, hidden_size=768, intermediate_size=2048, num_attention_heads=12, vocab_size=32128
    )
    bart = Dimensions(
        num_hidden_layers=12,
        hidden_size=1024,
        intermediate_size=4096,
        num_attention_heads=16,
        vocab_size=50265,
        max_position_embeddings=1024,
    )
    return (
        serving_models()
        | _by_default()
        | {
            "google/flan-t5-base": Model(247_577_856, flan, ArchitectureClass.ENCODER_DECODER, "t5"),
            "facebook/bart-large": Model(406_291_456, bart, ArchitectureClass.ENCODER_DECODER, "bart"),
        }
    )


def _by_default() -> dict[str, Model]:
    """A model of each of these families with the sizes that the library takes where nobody says otherwise."""
    families = (
        *(
            "apertus",
            "arcee",
            "bart",
            "bamba",
            "bloom",
            "codegen",
            "cohere",
            "deepseek_v3",
            "distilbert",
            "electra",
            "falcon",
            "falcon_h1",
            "glm",
        ),
        *("glm4", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "gpt_oss", "gptj", "granitemoehybrid", "jamba", "lfm2"),
        *("llama4_text", "m2m_100", "mamba2", "mbart", "mixtral", "modernbert", "mpt", "mt5", "nemotron", "nomic_bert"),
        *("olmo2", "opt", "pegasus", "phi", "qwen2_moe", "roberta", "stablelm", "starcoder2", "t5"),
        *("longt5", "qwen3_5_text"),
    )
    described = {family: model_of_config({"model_type": family}) for family in families}
    opt_350m = model_of_config(
        {
            "model_type": "opt",
            "hidden_size": 1024,
            "num_hidden_layers": 24,
            "ffn_dim": 4096,
            "num_attention_heads": 16,
            "word_embed_proj_dim": 512,
        }
    )
    found = {f"{family} by default": model for family, model in described.items()} | {"facebook/opt-350m": opt_350m}
    return {name: model for name, model in found.items() if isinstance(model, Model)}


def cases(kind: str) -> dict[str, str]:
    """The cases of a file, each with what is written below it."""
    blocks = (FOLDER / f"{kind}.txt").read_text(encoding="utf-8").split("\n\n")
    return {block.partition("\n")[0]: f"{block.rstrip()}\n" for block in blocks}


def told(kind: str, case: str) -> str:
    """A case with what the code says of it now."""
    return "".join(f"{line}\n" for line in (case, *_told(kind, case)))


def _told(kind: str, case: str) -> Iterator[str]:
    name, _, stated = case.partition(": ")
    fields = dict(one.split("=", 1) for one in stated.split())
    devices, gib = int(fields.pop("on", "1")), int(fields.pop("gib", "0"))
    plan = _plan(PLANS[kind.removesuffix("-instead")], fields)
    model = known_models()[name]
    if gib:
        lines = _instead(model, plan, devices, gib * GIB)
    else:
        result = training.estimate(model, plan) if kind == "training" else serving.estimate(model, plan, devices)
        lines = _refused(result) if isinstance(result, NotEstimable) else _lines(result)
    yield from (f"    {line}" for line in lines)


def _instead(model: Model, plan: Any, devices: int, room: int) -> Iterator[str]:
    """The changes that need less, with a tenth of the device kept free, and the ladder around the plan."""
    if isinstance(plan, TrainingPlan):
        changes = alternatives.for_training(model, plan, room, 0.1)
        table = ladder.of_training(model, plan, Hardware(room, plan.devices, "a test"), 0.1)
    else:
        changes = alternatives.for_serving(model, plan, devices, room, 0.1)
        table = ladder.of_serving(model, plan, devices, Hardware(room, devices, "a test"), 0.1, 65536)
        yield f"requests that fit: {capacity.requests_that_fit(model, plan, room, devices)}"
        yield f"context that fits: {capacity.context_that_fits(model, plan, room, devices)}"
        yield f"pool: {capacity.pool_of(model, plan, room, devices)}"
    yield from (f"{change}: {change.fit}" for change in changes)
    yield f"{table.row_key} {table.rows} by {table.column_key} {table.columns}, asked {table.asked}"
    for size, cells in zip(table.rows, table.cells, strict=True):
        yield f"{size}: {', '.join(f'{cell.needed} {cell.fit} {cell.left}' for cell in cells)}"


def _plan(of: type, fields: dict[str, str]) -> Any:
    hints = get_type_hints(of)
    return of(**{name: _value(hints[name], text) for name, text in fields.items()})


def _value(hint: Any, text: str) -> Any:
    if get_origin(hint) is tuple:
        return tuple(text.split(","))
    if isinstance(hint, UnionType):
        hint = get_args(hint)[0]
    if hint is bool:
        return {"yes": True, "no": False}[text]
    return hint(text) if issubclass(hint, StrEnum | int) else text


def _refused(result: NotEstimable) -> Iterator[str]:
    yield f"refused: {result.reason}"
    if result.missing:
        yield f"lacks {', '.join(result.missing)}"


def _lines(result: Estimate) -> Iterator[str]:
    yield f"{result.peak_bytes} at {result.moment}, {result.allocated_bytes} of them in tensors"
    yield f"from {result.least_bytes} to {result.most_bytes}: {result.band.basis}"
    for where, ends in (("pool", result.reserved_bytes), ("device", result.device_bytes)):
        if ends is not None:
            yield f"in the {where}: from {ends[0]} to {ends[1]}"
    for term in result.terms:
        yield f"{term.name}: {term.bytes} = {term.formula}{', beside the tensors' if term.outside else ''}"
    for moment in result.moments:
        yield f"at {moment.name}: {moment.bytes}"
    for assumption in result.assumptions:
        yield f"assumes: {assumption}"


if __name__ == "__main__":
    for kind in KINDS:
        text = "\n".join(told(kind, case) for case in cases(kind))
        (FOLDER / f"{kind}.txt").write_text(text, encoding="utf-8", newline="\n")
