"""The weights of a model as a runtime holds them: what is on the device, what stays on the host, what loading adds."""

from functools import lru_cache

from checker.memory import gguf, layer_kinds, native
from checker.memory.estimate import NotEstimable
from checker.memory.formats import FORMATS, GGUF, Format
from checker.memory.matrices import Inventory, inventory_of
from checker.memory.model import Model, is_encoder
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.versions import Version
from checker.memory.weights import stored_bytes
from checker.value import NamedTuple


class Held(NamedTuple):
    """Weights in bytes, by where they stand."""

    blocks: int
    """All layers together, with what is neither table nor head."""
    table: int
    """The token table."""
    head: int
    """The head; 0 where it is the token table."""
    formula: str
    table_on_host: bool = False
    """llama.cpp looks tokens up on the host; a head that is the same table has a copy on the device."""
    loading: int = 0
    """What exists beside the weights only while they are loaded."""
    notes: tuple[str, ...] = ()
    wide: bool = False
    """Whether weights and activations have 32 bits."""

    @property
    def device(self) -> int:
        """All that devices hold together."""
        return self.blocks + self.head + (0 if self.table_on_host else self.table)


def held(model: Model, plan: ServingPlan, version: Version) -> Held | NotEstimable:
    """The weights of `model` in the format of `plan`, for all devices together."""
    stored = FORMATS.get(plan.quantization)
    if stored is None:
        return NotEstimable(_unknown(plan.quantization))
    if plan.quantization in GGUF or plan.runtime is Runtime.LLAMA_CPP:
        return _in_file(model, plan, stored)
    if stored.whole:
        return _plain(model, plan, stored)
    return _quantised(model, plan, stored, version)


_EVERY_LINEAR = (FORMATS["nf4"], FORMATS["nf4-dq"], FORMATS["int8"])
"""Formats that bitsandbytes makes while loading: of all matrices but the head, those of a vision part too."""


@lru_cache(maxsize=16)  # a table of lengths and requests asks of one name a thousand times
def _unknown(name: str) -> str:
    from difflib import get_close_matches  # only a mistake needs it

    near = get_close_matches(name.casefold(), [known.casefold() for known in FORMATS], 1)
    match = next((known for known in FORMATS if near and known.casefold() == near[0]), None)
    hint = f"; did you mean `{match}`?" if match else f": expected one of {', '.join(FORMATS)}"
    return f"the quantization `{name}` is not known{hint}"


def is_wide(model: Model) -> bool:
    """Whether transformers holds the checkpoint in 32 bits: as it says, and encoders of which nobody says."""
    return model.torch_dtype == "float32" or (model.torch_dtype is None and is_encoder(model))


def _tables(model: Model) -> tuple[int, bool]:
    """Weights of the token table, and whether the head is the same."""
    dims = model.dimensions
    tied = is_encoder(model) or bool(dims.tie_word_embeddings)
    return (dims.vocab_size or 0) * (dims.hidden_size or 0), tied


def _plain(model: Model, plan: ServingPlan, stored: Format) -> Held:
    """Unquantised: parameters · bytes each, which is what the checkpoint has in transformers and 16 bits elsewhere."""
    wide = plan.quantization == "none" and plan.runtime is Runtime.TRANSFORMERS and is_wide(model)
    bits = 32.0 if wide else stored.bits
    table, tied = _tables(model)
    total = model.parameters or 0
    each = bits / 8
    apart = table * (1 if tied else 2)
    notes: tuple[str, ...] = ()
    if plan.quantization == "none" and model.torch_dtype is None:
        notes = (f"weights are held in {bits:.0f} bits; no source states their type",)
    return Held(
        blocks=int(max(0, total - apart) * each),
        table=int(min(table, total) * each),
        head=0 if tied else int(table * each),
        formula=f"{total} weights: {bits:g} bits a weight",
        notes=notes,
        wide=wide,
    )


def _quantised(model: Model, plan: ServingPlan, stored: Format, version: Version) -> Held | NotEstimable:
    """Matrices of the blocks in the format, everything else in 16 bits."""
    total = model.parameters or 0
    found = inventory_of(model)
    table, tied = _tables(model)
    if found is not None:
        total = sum(each.weights for each in found.matrices) + found.embedding + found.head + found.rest
        table, tied = found.embedding, not found.head
    blocks = _touched(model, stored, found, total - table * (1 if tied else 2))
    if isinstance(blocks, NotEstimable):
        return blocks
    rows = sum(m.inputs * m.each * m.layers for m in found.matrices) if found is not None else 0
    apart = max(0, total - blocks - table * (1 if tied else 2))
    inner = stored_bytes(blocks, apart, stored) + stored.row_bytes * rows
    # FP8 files hold the head of a tied model apart, and it stays apart (Qwen3-1.7B-FP8); AWQ files too, but there the
    # library ties it again after loading (Qwen2.5-AWQ in transformers 4.46; not in 4.38).
    again = 2 * table if tied and not is_encoder(model) else 0
    loads = stored is FORMATS["awq-int4"] and plan.runtime is Runtime.TRANSFORMERS and not version.before(4, 45)
    kept = again if stored is FORMATS["fp8"] else 0
    words = f"{total} weights: {stored.formula}, and {total - blocks + kept // 2} in 16 bits"
    return Held(
        blocks=inner,
        table=2 * table,
        head=kept if tied else 2 * table,
        formula=words,
        loading=again if loads else 0,
        notes=_vision_taken(model, stored) if found is None else (),
    )


def _vision_taken(model: Model, stored: Format) -> tuple[str, ...]:
    if not model.multimodal or model.traits.vision_parameters or stored in _EVERY_LINEAR:
        return ()
    return ("the vision part is taken to be quantised too, for its size is not among the facts",)


def _touched(model: Model, stored: Format, found: Inventory | None, rest: int) -> int | NotEstimable:
    """Weights that the quantiser touches: the matrices of the blocks, or all but the tables where blocks differ."""
    if stored is FORMATS["mxfp4"] and model.model_type in native.EXPERTS_ONLY:
        if found is None or not found.expert_weights:
            return NotEstimable("its experts cannot be counted from the facts", ("dimensions",))
        return found.expert_weights
    if found is not None:
        return found.quantised + (found.rest if model.multimodal and stored in _EVERY_LINEAR else 0)
    if stored is FORMATS["nvfp4"] and layer_kinds.is_mixed(model):
        # One of 27 B takes 24.0 and another 19.8 GiB, where all matrices in 4.5 bits would be 17.
        return NotEstimable("publishers of nvfp4 leave different matrices of recurrent layers in 16 bits")
    if model.multimodal and stored not in _EVERY_LINEAR:
        vision = model.traits.vision_parameters
        return max(0, rest - vision) if vision else max(0, rest)
    return max(0, rest)


def _in_file(model: Model, plan: ServingPlan, stored: Format) -> Held:
    """A GGUF file: tensor by tensor where the type's rules are known, else the average of a file of Llama-3.1-8B."""
    name = "F16" if plan.quantization == "none" else plan.quantization
    found = inventory_of(model)
    host = plan.runtime is Runtime.LLAMA_CPP
    if found is not None and gguf.has_rules(name) and not is_encoder(model):
        each = gguf.stored(found, name)
        words = f"{name} tensor by tensor, {8 * sum(each) / max(1, model.parameters or 0):.2f} bits a weight"
        return Held(
            blocks=each.blocks + (2 * found.rest if model.multimodal else each.rest),
            table=each.table,
            head=each.head,
            formula=words,
            table_on_host=host and found.head > 0,
            notes=("all layers on the GPU", *_vision_note(model)),
        )
    total = model.parameters or 0
    table, tied = _tables(model)
    each_bits = stored.bits
    head = 0 if tied else int(table * each_bits / 8)
    return Held(
        blocks=int(max(0, total - table * (1 if tied else 2)) * each_bits / 8),
        table=int(table * each_bits / 8),
        head=head,
        formula=f"{total} weights: {stored.formula}",
        table_on_host=host and (not tied or is_encoder(model)),
        notes=("bits a weight as in files of Llama-3.1-8B; all layers on the GPU",)
        if plan.quantization in GGUF
        else (),
    )


def _vision_note(model: Model) -> tuple[str, ...]:
    return ("the vision part is loaded from a file of its own, in 16 bits",) if model.multimodal else ()
