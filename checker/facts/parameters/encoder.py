"""Encoders and what follows from them: BERT and its relatives, T5 and BART with their decoders."""

from checker.facts.model import Dimensions
from checker.facts.parameters.need import need
from checker.value import NamedTuple


class Encoder(NamedTuple):
    """How a family differs from BERT, whose values are the defaults."""

    types: int = 2
    """Rows of the table of token types."""
    positions: bool = True
    """Whether positions are a learned table of `max_position_embeddings` rows."""
    embedding_size: int = 0
    """Width of the embeddings where a matrix widens them to the hidden size (ALBERT, ELECTRA small); 0: the same."""
    embedding_bias: bool = True
    pooler: bool = True
    matrices: int = 4
    """Square matrices of attention a layer: query, key, value, output and those of the family's own."""
    attention_biases: int = 4
    norm_weights: int = 2
    """Weights a feature of a norm: LayerNorm 2, without bias 1."""
    gated: bool = False
    mlp_biases: str = "both"
    """`both` matrices of the MLP have a bias, only the one `down`, or `none`."""
    shared_layers: bool = False
    """All layers are one (ALBERT)."""
    relative_rows: int = 0
    """Rows of a table of relative positions as wide as the hidden size."""
    relative_norm: bool = False
    relative_buckets: int = 0
    """Buckets of relative positions, one value a head each."""
    final_norm: bool = False
    first_norm: bool = True
    """Whether the first layer's attention has a norm of its own (ModernBERT: none)."""


_ROBERTA = Encoder(types=1)
_GTE = Encoder(types=0, positions=False, pooler=False, gated=True, mlp_biases="down")
_MODERN = Encoder(
    types=0,
    positions=False,
    pooler=False,
    attention_biases=0,
    norm_weights=1,
    gated=True,
    mlp_biases="none",
    final_norm=True,
    first_norm=False,
)

ENCODERS = {
    "albert": Encoder(embedding_size=128, shared_layers=True),
    "bert": Encoder(),
    "big_bird": Encoder(),
    "camembert": _ROBERTA,
    "deberta": Encoder(types=0, positions=False, pooler=False, matrices=6, relative_rows=1024),
    "deberta-v2": Encoder(types=0, positions=False, pooler=False, relative_rows=512, relative_norm=True),
    "distilbert": Encoder(types=0, pooler=False),
    "electra": Encoder(pooler=False),
    "gte": _GTE._replace(types=1),
    "longformer": Encoder(types=1, matrices=7, attention_biases=7),
    "modernbert": _MODERN,
    "mpnet": Encoder(types=0, relative_buckets=32),
    "new": _GTE,
    "nomic_bert": Encoder(positions=False, pooler=False, attention_biases=0, gated=True, mlp_biases="none"),
    "roberta": _ROBERTA,
    "xlm-roberta": _ROBERTA,
}
"""Families by the `model_type` of their configuration."""


def encoder(dims: Dimensions, family: Encoder) -> int:
    """Weights of an encoder without a task's head: embeddings, layers and, where the family has one, the pooler.

    A layer (arXiv:1810.04805): attention · hidden², MLP 2 · hidden · intermediate (3 where gated), two norms, biases.

    Raises:
        DimensionUnknownError: a dimension that the formula needs is None.
    """
    hidden, layers, heads = need(dims.hidden_size), need(dims.num_hidden_layers), need(dims.num_attention_heads)
    size, norm = need(dims.intermediate_size), family.norm_weights * hidden
    width = family.embedding_size or hidden
    rows = need(dims.vocab_size) + family.types + (need(dims.max_position_embeddings) if family.positions else 0)
    tables = rows * width + family.norm_weights * width + family.relative_rows * hidden
    tables += family.relative_norm * norm + family.relative_buckets * heads
    if family.embedding_size:
        tables += width * hidden + hidden
    attention = family.matrices * hidden * hidden + family.attention_biases * hidden
    biases = {"both": (2 if family.gated else 1) * size + hidden, "down": hidden, "none": 0}
    mlp = (3 if family.gated else 2) * hidden * size + biases[family.mlp_biases]
    body = (1 if family.shared_layers else layers) * (attention + mlp + 2 * norm)
    norms = family.final_norm * norm - (0 if family.first_norm else norm)
    return tables + body + norms + (hidden * hidden + hidden if family.pooler else 0)


def t5(dims: Dimensions, *, gated: bool, tied: bool, decoder: bool = True) -> int:
    """Weights of a T5 (arXiv:1910.10683): no biases, RMS norms, 32 buckets of relative positions a stack and head.

    Raises:
        DimensionUnknownError: a dimension that the formula needs is None.
    """
    hidden, layers, heads = need(dims.hidden_size), need(dims.num_hidden_layers), need(dims.num_attention_heads)
    attention = 4 * hidden * heads * need(dims.head_dim)
    mlp = (3 if gated else 2) * hidden * need(dims.intermediate_size)
    around = 32 * heads + hidden
    stacks = layers * (attention + mlp + 2 * hidden) + around
    if decoder:
        stacks += layers * (2 * attention + mlp + 3 * hidden) + around
    return need(dims.vocab_size) * hidden * (1 if tied else 2) + stacks


def bart(dims: Dimensions, *, learned_positions: bool) -> int:
    """Weights of a BART (arXiv:1910.13461) or, with fixed sinusoids for positions, of a PEGASUS (arXiv:1912.08777).

    Both stacks have `num_hidden_layers`; embeddings and head are one table. BART's position table has two rows more
    than positions.

    Raises:
        DimensionUnknownError: a dimension that the formula needs is None.
    """
    hidden, layers, size = need(dims.hidden_size), need(dims.num_hidden_layers), need(dims.intermediate_size)
    attention = 4 * (hidden * hidden + hidden)
    mlp = 2 * hidden * size + size + hidden
    rows = need(dims.vocab_size) + (2 * (need(dims.max_position_embeddings) + 2) if learned_positions else 0)
    return rows * hidden + 4 * hidden + layers * (3 * attention + 2 * mlp + 10 * hidden)
