"""The measured training rows as plans: what each column of the table says, and which rows cannot be known.

`data/measured_training.csv` holds memory that public projects measured on real GPUs (`source`, `path`, `note` say where);
`data/measured_models.json` the sizes of the models. A row becomes a plan by its columns alone, never by its id.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from checker.facts.model import ArchitectureClass, Dimensions
from checker.memory.model import Model
from checker.memory.plan import Loss, Method, Optimizer, Precision, QuantizedBase, Sharding, Stack, Task, TrainingPlan
from checker.memory.stacks import AskedTraining, completed
from checker.memory.units import GIB

DATA = Path(__file__).parent / "data"

HF_TRAINER = frozenset({Stack.PEFT, Stack.TRL})
"""Stacks that are transformers' Trainer with PEFT's adapters."""


class Row(NamedTuple):
    """One measurement, and the plan that it was taken on."""

    id: str
    source: str
    model: str
    plan: TrainingPlan
    stack: Stack | None
    """None: the source's own training loop."""
    metric: str
    """`allocated`, `reserved`, `device`, or `unstated`."""
    bytes: int
    sure: bool
    """Whether unit and length are stated; else GB is read as GiB, as the same projects' other tables use it, and the
    upper limit of the length as the length."""
    first: bool
    """Whether the longest batch came first, so that no step of its size came before."""

    @property
    def kind(self) -> str:
        """The stack, or the source where it has a loop of its own."""
        return self.stack.value if self.stack else self.source.rpartition("/")[2]


class Skipped(NamedTuple):
    """A row that makes no plan."""

    id: str
    source: str
    reason: str


class _UnknownError(Exception):
    """A column leaves open what the plan needs."""


def rows() -> tuple[tuple[Row, ...], tuple[Skipped, ...]]:
    """All rows that make a plan, and the others with what is missing."""
    with (DATA / "measured_training.csv").open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    found, skipped = [], []
    for record in records:
        try:
            found.append(_row(record))
        except _UnknownError as error:
            skipped.append(Skipped(record["id"], record["source"], str(error)))
    return tuple(found), tuple(skipped)


@cache
def models() -> dict[str, Model]:
    """The models of the rows, by their ids."""
    records = json.loads((DATA / "measured_models.json").read_text(encoding="utf-8"))
    return {
        name: Model(
            parameters=record["parameters"],
            dimensions=Dimensions(**record["dimensions"]),
            architecture=ArchitectureClass.DECODER,
            model_type=record["model_type"],
            torch_dtype="bfloat16",
        )
        for name, record in records.items()
    }


def _row(record: dict[str, str]) -> Row:
    if record["model"] not in models() or not models()[record["model"]].parameters:
        raise _UnknownError("the sizes of its layers are not published, or differ between layers")
    plan = _plan(record)
    amount, sure = _bytes(record)
    stack = Stack(record["stack"]) if record["stack"] else None
    return Row(
        id=record["id"],
        source=record["source"],
        model=record["model"],
        plan=plan,
        stack=stack,
        metric=_metric(record),
        bytes=amount,
        sure=sure and record["seq_kind"] != "max",
        first=record["seq_kind"] == "longest-batch",
    )


def _bytes(record: dict[str, str]) -> tuple[int, bool]:
    count = int(record["n_gpus"]) if record["total_over_gpus"] == "yes" else 1
    if record["bytes"]:
        return int(record["bytes"]) // count, True
    return int(float(record["value"]) * GIB) // count, False


def _metric(record: dict[str, str]) -> str:
    metric = record["metric"]
    if metric.startswith("nvidia-smi"):
        return "device"
    return {"max_memory_allocated": "allocated", "max_memory_reserved": "reserved"}.get(metric, "unstated")


def _plan(record: dict[str, str]) -> TrainingPlan:
    """The columns where they say something, the stack's defaults where they do not."""
    method = Method.QLORA if record["quantized_base"] else Method(record["method"])
    base = record["quantized_base"] or ("nf4" if "nf4" in record["base_dtype"] else "")
    if record["method"] == "qlora" and not base:
        raise _UnknownError(f"a base of {record['base_dtype']} is not modelled")
    devices = _count(record, "n_gpus")
    asked = AskedTraining(
        method=Method.QLORA if base else method,
        sequence_length=_count(record, "seq_len"),
        stack=Stack(record["stack"] or "custom"),
        micro_batch_size=_count(record, "micro_batch"),
        rank=None if method is Method.FULL else _count(record, "rank"),
        target_modules=None if method is Method.FULL else _targets(record),
        gradient_checkpointing=_switch(record, "grad_checkpointing"),
        optimizer=_optimizer(record),
        precision=_precision(record),
        adapter_bytes=_adapter_bytes(record),
        upcast_frozen=record["upcast_frozen"] == "yes" if base else None,
        quantized_base=QuantizedBase(base) if base else None,
        double_quantization=record["double_quantization"] == "yes" if base else None,
        keeps_quantized_inputs=_old_products(record) if base == "nf4" else None,
        loss=_loss(record),
        sharding=_sharding(record),
    )
    plan = completed(asked, Task.CAUSAL, devices).plan
    # All rows are older than torch 2.8, before which AdamW ran through a copy of the gradients where it was not fused.
    unfused = method is Method.FULL and plan.optimizer is Optimizer.ADAMW and plan.stack is not Stack.TORCHTUNE
    return plan._replace(foreach=unfused)


def _count(record: dict[str, str], column: str) -> int:
    text = record[column]
    if not text.isdigit():
        raise _UnknownError(f"`{column}` is {text or 'empty'}")
    return int(text)


def _switch(record: dict[str, str], column: str) -> bool:
    if record[column] not in ("yes", "no"):
        raise _UnknownError(f"`{column}` is {record[column]}")
    return record[column] == "yes"


def _targets(record: dict[str, str]) -> tuple[str, ...]:
    if record["target_modules"] in ("", "unknown"):
        raise _UnknownError("`target_modules` is unknown")
    return tuple(record["target_modules"].split(","))


def _optimizer(record: dict[str, str]) -> Optimizer:
    name = {"adam": "adamw"}.get(record["optimizer"], record["optimizer"])
    if name not in list(Optimizer):
        raise _UnknownError(f"`optimizer` is {name or 'empty'}")
    return Optimizer(name)


def _precision(record: dict[str, str]) -> Precision | None:
    """Only what is trained says whether 32-bit copies exist: a base of 16 bits under autocast keeps none."""
    if record["method"] != "full":
        return Precision.BF16
    return Precision.BF16_MIXED if record["trainable_dtype"].startswith("fp32") else Precision.BF16


def _adapter_bytes(record: dict[str, str]) -> int | None:
    kind = record["trainable_dtype"]
    if record["method"] == "full" or kind == "unknown":
        return None
    return 4 if kind.startswith("fp32") else 2


def _loss(record: dict[str, str]) -> Loss:
    """`full` of the HF Trainer before transformers 4.46 (October 2024): all rows that compute it are older."""
    name = record["loss"]
    if not name:
        raise _UnknownError("`loss` is empty")
    return Loss.OLD if name == "full" and record["stack"] in ("peft", "trl", "ms-swift", "axolotl") else Loss(name)


def _old_products(record: dict[str, str]) -> bool:
    """bitsandbytes before 0.45 (December 2024) keeps the inputs of 4-bit products: litgpt pins 0.41 and 0.42."""
    return record["stack"] == "litgpt"


_SHARDING = {
    "none": Sharding.DDP,
    "ddp": Sharding.DDP,
    "none (FSDP in ddp mode: full copy per GPU)": Sharding.DDP,
    "none (DeepSpeed zero2 config on 1 GPU)": Sharding.ZERO2,
    "unknown (finetune_lora_ds.sh defaults to zero2)": Sharding.ZERO2,
    "zero2": Sharding.ZERO2,
    "zero3": Sharding.ZERO3,
    "zero3 + CPU offload": Sharding.ZERO3_OFFLOAD,
    "fsdp": Sharding.FSDP,
    "fsdp2": Sharding.FSDP,
    "fsdp (full shard)": Sharding.FSDP,
    "fsdp + CPU offload": Sharding.FSDP_OFFLOAD,
    "megatron TP2 + sequence parallel": Sharding.TENSOR_PARALLEL,
}


def _sharding(record: dict[str, str]) -> Sharding:
    if "CPU OFFLOAD" in record["note"] and record["sharding"] == "fsdp":
        return Sharding.FSDP_OFFLOAD
    if record["sharding"] not in _SHARDING:
        raise _UnknownError(f"`sharding` is {record['sharding']}")
    return _SHARDING[record["sharding"]]
