"""How far measurements lie from the estimates, by kind of plan.

The shares hold the 5th to the 95th percentile of the rows that docs/memory.md tabulates, rounded outwards; a test holds
them against those rows. A kind without measurements says so and gets a wide band.
"""

from __future__ import annotations

from checker.memory.estimate import Spread
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.units import GIB
from checker.value import NamedTuple

DECODER_TRAINING = Spread(-0.05, 0.05, "traced and measured peaks of decoders")
ENCODER_TRAINING = Spread(-0.08, 0.08, "traced peaks of encoders; none was measured on a GPU")
TRANSFORMERS = Spread(-0.02, 0.03, "136 peaks published for transformers on one GPU")
EAGER = Spread(-0.02, 0.13, "19 peaks published for transformers of 2023, whose attention scores exist")
PLACED = Spread(-0.10, 0.10, "22 sums of peaks published for transformers on several GPUs")
VLLM = Spread(-0.02, 0.02, "start-up logs of vLLM", int(0.7 * GIB), GIB)
LLAMA_CPP = Spread(-0.02, 0.03, "buffers in llama.cpp's logs", int(0.5 * GIB), int(0.5 * GIB))
ENCODER_SERVING = Spread(-0.10, 0.10, "assumed wide, for no serving of encoders was measured", GIB // 2, GIB // 2)

_OTHER_FAMILY = 0.10
"""Added on both sides where a family's block is taken for another's."""


class Kind(NamedTuple):
    """What kind of serving an estimate is of."""

    encoder: bool = False
    mixed: bool = False
    """Whether some layers are recurrent, or the model is an encoder-decoder: no peaks of these were measured."""
    eager: bool = False
    devices: int = 1


def of_training(*, encoder: bool, known: bool) -> Spread:
    """The spread of a training estimate."""
    spread = ENCODER_TRAINING if encoder else DECODER_TRAINING
    if known:
        return spread
    return spread._replace(
        low=spread.low - _OTHER_FAMILY,
        high=spread.high + _OTHER_FAMILY,
        basis="assumed wide, for no training of this family was measured",
    )


def of_serving(plan: ServingPlan, kind: Kind) -> Spread:
    """The spread of a serving estimate."""
    if kind.encoder:
        return ENCODER_SERVING
    spread = LLAMA_CPP if plan.runtime is Runtime.LLAMA_CPP else VLLM
    if plan.runtime is Runtime.TRANSFORMERS:
        spread = EAGER if kind.eager else PLACED if kind.devices > 1 else TRANSFORMERS
    if not kind.mixed:
        return spread
    return spread._replace(
        low=spread.low - _OTHER_FAMILY,
        high=spread.high + _OTHER_FAMILY,
        basis="assumed wide, for only states and caches of recurrent models were measured",
    )
