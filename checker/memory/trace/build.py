"""From a configuration to a model ready to train, on tensors without content."""

import copy
import warnings
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import peft
import torch
import transformers
from huggingface_hub.errors import StrictDataclassError
from peft.tuners.tuners_utils import BaseTunerLayer
from torch import nn
from transformers.initialization import no_init_weights

from checker.memory.trace.losses import fuse
from checker.memory.trace.plan import RefusedError, TracePlan
from checker.memory.trace.quantised import quantise

FORMATS = {"bf16": torch.bfloat16, "fp32": torch.float32}
QUERY_AND_VALUE = (
    ("q_proj", "v_proj"),
    ("query", "value"),
    ("q_lin", "v_lin"),
    ("query_proj", "value_proj"),
    ("q", "v"),
    ("qkv_proj",),
    ("query_key_value",),
    ("c_attn",),
    ("Wqkv",),
)
"""What families call the projections to queries and values, fused ones last; the first that a model has is taken."""


def configuration(config: Mapping[str, object], plan: TracePlan) -> Any:
    """The library's configuration object; raises `RefusedError` for a model type that it does not know."""
    model_type = str(config["model_type"])
    known = transformers.CONFIG_MAPPING
    if model_type not in known:
        from difflib import get_close_matches

        near = get_close_matches(model_type, list(known), n=1)
        raise RefusedError(
            f"transformers {transformers.__version__} has no model type {model_type!r}"
            + (f"; did you mean {near[0]!r}?" if near else "; custom code is never run")
        )
    values = {key: value for key, value in config.items() if key not in ("auto_map", "quantization_config")}
    try:
        made = known[model_type].from_dict(copy.deepcopy(values))
    except LIBRARY_ERRORS as error:
        raise RefusedError(f"transformers does not take this configuration: {first_line(error)}") from error
    made.use_cache = False
    made.num_labels = plan.num_labels
    padding = getattr(made, "pad_token_id", None)
    if padding is None or padding >= getattr(made, "vocab_size", padding + 1):
        made.pad_token_id = 0
    if made.is_encoder_decoder and getattr(made, "decoder_start_token_id", None) is None:
        made.decoder_start_token_id = 0
    if plan.task == "classify":
        made.problem_type = "regression" if plan.num_labels == 1 else "single_label_classification"
    return made


LIBRARY_ERRORS = (
    *(ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, NotImplementedError, RuntimeError),
    *(StrictDataclassError, TypeError, ValueError),
)
"""What the libraries raise where a configuration, a model or a plan does not suit them."""


def first_line(error: Exception) -> str:
    """What an error says, without the page that may follow."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:2])[:300] or type(error).__name__


def auto_class(made: Any, plan: TracePlan) -> Any:
    """The family of classes that has one for this configuration and task."""
    if plan.task == "classify":
        wanted = [transformers.AutoModelForSequenceClassification]
    elif plan.task == "embed":
        wanted = [transformers.AutoModel]
    elif made.is_encoder_decoder:
        wanted = [transformers.AutoModelForSeq2SeqLM]
    else:
        wanted = [transformers.AutoModelForCausalLM, transformers.AutoModelForImageTextToText]
    for auto in wanted:
        if type(made) in auto._model_mapping:
            return auto
    raise RefusedError(f"transformers has no {plan.task} model for the model type {made.model_type!r}")


def skeleton(made: Any, plan: TracePlan) -> Any:
    """The model in the format of its weights."""
    wanted = ("sdpa", "eager") if plan.attention == "flash" else ("eager",)
    auto = auto_class(made, plan)
    for attention in wanted:
        try:
            with torch.device("meta"), no_init_weights():
                model = auto.from_config(made, dtype=FORMATS[plan.weights], attn_implementation=attention)
            model.tie_weights()
            return model
        except LIBRARY_ERRORS as error:
            if attention == "eager":
                raise RefusedError(f"transformers does not build this model: {first_line(error)}") from error
    raise AssertionError("eager attention is always tried")


def head_of(model: Any) -> set[int]:
    """The modules that are not quantised: the output head, what classifies, and what the family keeps in fp32."""
    wide = model._keep_in_fp32_modules or set()
    found = {id(model.get_output_embeddings())} if model.get_output_embeddings() is not None else set()
    for name, module in model.named_modules():
        path = set(name.split("."))
        if name.split(".")[0] in ("classifier", "score", "lm_head", "pre_classifier") or path.intersection(wide):
            found.add(id(module))
    return found


def query_and_value(model: Any) -> list[str]:
    """The names of this model's projections to queries and values."""
    names = {name.rpartition(".")[2] for name, module in model.named_modules() if is_linear(module)}
    for wanted in QUERY_AND_VALUE:
        if names.issuperset(wanted):
            return list(wanted)
    raise RefusedError("targets: attention-qv is not known for this model; name its modules")


def is_linear(module: Any) -> bool:
    """Whether PEFT can adapt it."""
    return isinstance(module, nn.Linear | transformers.pytorch_utils.Conv1D)


def adapted(model: Any, plan: TracePlan, device: str = "meta") -> Any:
    """The model with adapters, which are made on `device`."""
    targets: Any = list(plan.targets)
    wanted, *whole = plan.targets[0].split("+") if len(plan.targets) == 1 else ("",)
    if wanted == "attention-qv":
        targets = query_and_value(model)
    elif wanted == "all-linear":
        targets = "all-linear"
    parts = {"head": model.get_output_embeddings(), "embeddings": model.get_input_embeddings()}
    trained = [name for name, module in model.named_modules() for part in whole if module is parts.get(part)]
    tasks = {"causal": "CAUSAL_LM", "classify": "SEQ_CLS", "embed": "FEATURE_EXTRACTION"}
    task = "SEQ_2_SEQ_LM" if model.config.is_encoder_decoder and plan.task == "causal" else tasks[plan.task]
    ranks = {"r": plan.rank, "lora_alpha": plan.rank, "lora_dropout": 0.0}
    lora = peft.LoraConfig(**ranks, target_modules=targets, task_type=task, modules_to_save=trained or None)
    try:
        with torch.device(device):
            wrapped = peft.get_peft_model(model, lora, autocast_adapter_dtype=False)
    except LIBRARY_ERRORS as error:
        raise RefusedError(f"PEFT does not adapt this model: {first_line(error)}") from error
    for module in wrapped.modules():
        if isinstance(module, BaseTunerLayer):
            for name in module.adapter_layer_names:
                getattr(module, name).to(FORMATS[plan.adapter_dtype])
    return wrapped


def built(config: Mapping[str, object], plan: TracePlan, gpu: Any) -> Any:
    """The model ready to train; what is computed again in the backward pass is computed as `gpu` does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = skeleton(configuration(config, plan), plan)
        if plan.method != "full":
            for parameter in model.parameters():
                parameter.requires_grad = False
        if plan.method == "qlora":
            quantise(model, head_of(model), plan)
            if plan.upcast_frozen:
                for parameter in model.parameters():
                    if parameter.dtype == torch.bfloat16:
                        parameter.data = parameter.data.to(torch.float32)
        if plan.gradient_checkpointing:
            try:
                model.gradient_checkpointing_enable(
                    {"use_reentrant": False, "context_fn": lambda: (nullcontext(), gpu)}
                )
            except ValueError as error:
                raise RefusedError(f"gradient checkpointing: {first_line(error)}") from error
        fuse(model, plan.loss)
        if plan.method != "full":
            model = adapted(model, plan)
    return model.train()
