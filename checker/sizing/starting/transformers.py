"""The line of Python that loads a model through transformers, which is a library and no server."""

from __future__ import annotations

from json import dumps

from checker.memory.plan import Task
from checker.sizing.starting.launch import Case, Launch, unmade, unpinned

_STORED = {
    "nf4": 'BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")',
    "nf4-dq": 'BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True)',
    "int8": "BitsAndBytesConfig(load_in_8bit=True)",
}
_CLASSES = {
    Task.CAUSAL: "AutoModelForCausalLM",
    Task.EMBED: "AutoModel",
    Task.CLASSIFY: "AutoModelForSequenceClassification",
}


def launch(case: Case, *, encoder_decoder: bool = False) -> Launch:
    """The call that loads the plan's weights."""
    plan, artefact = case.plan, case.artefact
    name = "AutoModelForSeq2SeqLM" if encoder_decoder else _CLASSES[case.task]
    parts = [_quoted(artefact.name)]
    if artefact.revision is not None and not artefact.local:
        parts.append(f"revision={_quoted(artefact.revision)}")
    parts.append('dtype="auto"')
    if case.devices > 1:
        parts.append('device_map="auto"')
    if plan.quantization in _STORED and artefact.stored != plan.quantization:
        parts.append(f"quantization_config={_STORED[plan.quantization]}")
    made = f"{name}.from_pretrained({', '.join(parts)})"
    return Launch((made,), (), (*unpinned(artefact), *unmade(artefact, plan)), code=True)


def _quoted(text: str) -> str:
    """A text as Python reads it, without characters that a terminal would act on."""
    return dumps(text)
