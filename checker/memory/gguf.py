"""How llama.cpp's quantiser stores each tensor of a model: types, their bits, and which tensors get a better type.

The rules are those of `llama_tensor_get_type` in llama.cpp's src/llama-quant.cpp (without an importance matrix) for the
types that have simple ones; the others keep the average of a file in tools/quantize/README.md.
"""

from collections.abc import Callable
from functools import lru_cache

from checker.memory.formats import FORMATS
from checker.memory.matrices import Inventory, Matrix, Role
from checker.value import NamedTuple

BITS = {
    "F32": 32.0,
    "F16": 16.0,
    "BF16": 16.0,
    "Q8_0": 34 / 32 * 8,
    "Q5_1": 24 / 32 * 8,
    "Q5_0": 22 / 32 * 8,
    "Q4_1": 20 / 32 * 8,
    "Q4_0": 18 / 32 * 8,
    "IQ4_NL": 18 / 32 * 8,
    "MXFP4": 17 / 32 * 8,
    "Q6_K": 210 / 256 * 8,
    "Q5_K": 176 / 256 * 8,
    "Q4_K": 144 / 256 * 8,
    "Q3_K": 110 / 256 * 8,
    "Q2_K": 84 / 256 * 8,
    "IQ4_XS": 136 / 256 * 8,
}
"""Bits a weight: the bytes of a block over its weights (ggml-common.h)."""

_LONG = {"Q6_K": "Q8_0", "Q5_K": "Q5_1", "Q4_K": "Q5_0", "Q3_K": "IQ4_NL", "Q2_K": "IQ4_NL", "IQ4_XS": "IQ4_NL"}
"""Types with blocks of 256, and what stands in for them where a row does not divide by 256."""

_BASE = {name: stored.gguf_type for name, stored in FORMATS.items() if stored.gguf_type}
"""Files whose rules are written down here, and the type of most of their tensors."""


class Place(NamedTuple):
    """What a rule may look at."""

    layer: int
    layers: int
    groups: int

    @property
    def more(self) -> bool:
        """Layers that get more bits: the first and last eighth, and every third between."""
        eighth = self.layers // 8
        edge = self.layer < eighth or self.layer >= 7 * self.layers // 8
        return edge or (self.layer - eighth) % 3 == 2


_Rule = Callable[[Place], str | None]


def _first(part: int, better: str, rest: str | None = None) -> _Rule:
    return lambda at: better if at.layer < at.layers // part else rest


def _always(better: str) -> _Rule:
    return lambda _: better


def _more(better: str) -> _Rule:
    return lambda at: better if at.more else None


_RULES: dict[str, dict[Role, _Rule]] = {
    "Q5_K_M": {Role.VALUE: _more("Q6_K"), Role.DOWN: _more("Q6_K"), Role.FUSED: _always("Q6_K")},
    "Q4_K_M": {Role.VALUE: _more("Q6_K"), Role.DOWN: _more("Q6_K"), Role.FUSED: _always("Q5_K")},
    "Q4_K_S": {Role.VALUE: lambda at: "Q5_K" if at.layer < 4 else None, Role.DOWN: _first(8, "Q5_K")},
    "IQ4_NL": {Role.VALUE: lambda at: "Q5_K" if at.groups >= 4 else None, Role.DOWN: _first(8, "Q5_K")},
    "IQ4_XS": {Role.VALUE: lambda at: "Q5_K" if at.groups >= 4 else None, Role.DOWN: _first(8, "Q5_K")},
    "Q3_K_L": {
        Role.VALUE: _always("Q5_K"),
        Role.DOWN: _always("Q5_K"),
        Role.OUT: _always("Q5_K"),
        Role.FUSED: _always("Q4_K"),
    },
    "Q3_K_M": {
        Role.VALUE: lambda at: "Q5_K" if at.layer < 2 else "Q4_K",
        Role.DOWN: _first(16, "Q5_K", "Q4_K"),
        Role.OUT: _always("Q4_K"),
        Role.FUSED: _always("Q4_K"),
    },
    "Q2_K": {
        Role.VALUE: lambda at: "Q4_K" if at.groups >= 4 else "Q3_K",
        Role.DOWN: _always("Q3_K"),
        Role.OUT: _always("Q3_K"),
    },
}
"""By file: the type of a role where it is not the file's own; None leaves that."""


def has_rules(quantization: str) -> bool:
    """Whether the tensors of such a file are counted one by one."""
    return quantization in _BASE


class Stored(NamedTuple):
    """Bytes of a file's tensors by where they go."""

    blocks: int
    table: int
    """The token table."""
    head: int
    """The head where it is stored apart."""
    rest: int


@lru_cache(maxsize=256)
def stored(weights: Inventory, quantization: str) -> Stored:
    """The tensors of a file of `quantization`, which must be one of those with rules, in bytes.

    Norms, biases and routers are held in 32 bits, in files of F16 and BF16 too. A tied table is stored as a head is: in
    Q6_K, unless the file's type is wider.
    """
    base = _BASE[quantization]
    blocks = sum(_blocks(weights, matrix, quantization, base) for matrix in weights.matrices)
    head = base if BITS[base] >= BITS["Q6_K"] else "Q6_K"
    table = head if not weights.head else "Q8_0" if base == "MXFP4" else base
    head = "Q8_0" if base == "MXFP4" else head
    return Stored(
        blocks=blocks,
        table=_bytes(weights.embedding, weights.width, table),
        head=_bytes(weights.head, weights.width, head),
        rest=4 * weights.rest,
    )


def _blocks(weights: Inventory, matrix: Matrix, quantization: str, base: str) -> int:
    if matrix.role is Role.ROUTER:
        return 4 * matrix.weights
    if base == "MXFP4" and matrix.role not in (Role.EXPERT_WIDE, Role.EXPERT_DOWN):
        return _bytes(matrix.weights, matrix.inputs, "Q8_0")
    role = Role.DOWN if matrix.role is Role.EXPERT_DOWN else matrix.role
    rule = _RULES.get(quantization, {}).get(role)
    each = matrix.weights // matrix.layers if matrix.layers else 0
    if rule is None:
        few = weights.experts == 8 and role in (Role.KEY, Role.VALUE) and BITS[base] < BITS["Q8_0"]
        return _bytes(matrix.weights, matrix.inputs, "Q8_0" if few else base)
    total = 0
    for layer in range(matrix.first, matrix.first + matrix.layers):
        place = Place(layer, weights.layers, weights.groups)
        better = "Q8_0" if weights.experts == 8 and role in (Role.KEY, Role.VALUE) else rule(place)
        total += _bytes(each, matrix.inputs, better or base)
    return total


def _bytes(count: int, row: int, kind: str) -> int:
    fitting = _LONG.get(kind, kind) if row % 256 else kind
    return int(count * BITS[fitting] / 8)
