"""What `fit --serve` adds to an answer: choices, ladders, the cost of context, and the start command."""

from __future__ import annotations

from checker.memory import ladder
from checker.memory.ladder import CacheLadder, Ladder
from checker.memory.plan import TrainingPlan
from checker.sizing.answer import Answer
from checker.sizing.choices import Choice, choices_of
from checker.sizing.context_cost import ContextCost, context_cost
from checker.sizing.start import Start
from checker.sizing.traced import Beside
from checker.value import NamedTuple


class Extras(NamedTuple):
    """What stands beside an answer; empty where nobody asked."""

    choices: tuple[Choice, ...] = ()
    ladder: Ladder | None = None
    """That of the plan itself."""
    caches: tuple[CacheLadder, ...] = ()
    """A ladder for each number format of the KV cache, the plan's first."""
    cost: ContextCost | None = None
    unexplained: str = ""
    """Why there is no explanation of what context costs, where one was asked for."""
    trace: Beside | None = None
    start: Start | None = None


UNEXPLAINED = "encoder-decoders have a cache of the prompt and one of the answer: the ladder says what they need"


def extras_of(answer: Answer, *, table: bool, explain: bool) -> Extras:
    """What stands beside an answer: of a deployment choices and ladders, of a training a ladder where asked."""
    subject, plan = answer.subject, answer.plan
    if isinstance(plan, TrainingPlan):
        if not table:
            return Extras()
        made = ladder.of_training(subject.model, plan, answer.hardware, answer.headroom, subject.native_context)
        return Extras(ladder=made)
    caches = ladder.of_caches(
        subject.model, plan, answer.devices, answer.hardware, answer.headroom, subject.native_context
    )
    cost = context_cost(answer) if explain else None
    return Extras(
        choices=choices_of(answer),
        ladder=caches[0].ladder if table or answer.hardware is not None else None,
        caches=caches if table or answer.hardware is not None else (),
        cost=cost,
        unexplained=UNEXPLAINED if explain and cost is None else "",
    )
