"""What a runtime's arithmetic looks at, and what it answers."""

from checker.memory.estimate import Term
from checker.memory.held_weights import Held
from checker.memory.kv_cache import Cache
from checker.memory.layer_kinds import is_mixed
from checker.memory.model import Model, is_encoder
from checker.memory.plan import ServingPlan
from checker.memory.versions import Version
from checker.value import NamedTuple


class Phase(NamedTuple):
    """One moment of serving."""

    name: str
    terms: tuple[Term, ...]

    @property
    def bytes(self) -> int:
        """All terms of the moment."""
        return sum(term.bytes for term in self.terms)


class Case(NamedTuple):
    """One plan with what was found out of its model."""

    model: Model
    plan: ServingPlan
    version: Version
    devices: int
    held: Held
    cache: Cache
    wide: int
    """Width of the MLP that one token passes."""

    @property
    def hidden(self) -> int:
        """Features of the residual stream."""
        return self.model.dimensions.hidden_size or 0

    @property
    def vocabulary(self) -> int:
        """Entries of the logits; 0 for an encoder, which has none."""
        return 0 if is_encoder(self.model) else self.model.dimensions.vocab_size or 0

    @property
    def layers(self) -> int:
        """Blocks."""
        return self.model.dimensions.num_hidden_layers or 0

    @property
    def prompt(self) -> int:
        """Tokens of one request that are prompt."""
        return self.plan.prompt_tokens or self.plan.context_window

    @property
    def requests(self) -> int:
        """Requests at the same time."""
        return self.plan.parallel_requests

    @property
    def tokens(self) -> str:
        """The cached tokens in words."""
        requests = f" · {self.requests} requests" if self.requests > 1 else ""
        return f"{self.plan.context_window} tokens{requests}"


def block_values(case: Case, tokens: int, each: int = 2) -> Term:
    """The widest moment of one block: gate, up and their product, and four times the residual stream.

    (3 · intermediate + 4 · hidden) · bytes a token; it fits the peaks that are published for transformers to 0.7 %.
    """
    words = f"{tokens} tokens · (3 · {case.wide} + 4 · {case.hidden}) · {each} bytes"
    return Term("activations", tokens * (3 * case.wide + 4 * case.hidden) * each, words)


def state_term(case: Case) -> tuple[Term, ...]:
    """The state of recurrent layers for all requests."""
    if not case.cache.state:
        return ()
    requests = f"{case.requests} requests · " if case.requests > 1 else ""
    return (Term("recurrent state", int(case.cache.state * case.requests), requests + case.cache.state_formula),)


def adapter_term(case: Case) -> tuple[Term, ...]:
    """LoRA adapters beside the base: count · rank · (inputs + outputs of all matrices) · 2 bytes (arXiv:2106.09685)."""
    from checker.memory.matrices import Role, inventory_of

    plan = case.plan
    if not plan.adapters:
        return ()
    found = inventory_of(case.model)
    if found is None:
        sides = case.layers * (7 * case.hidden + 3 * case.wide)
    else:
        routed = (Role.EXPERT_WIDE, Role.EXPERT_DOWN, Role.ROUTER)
        sides = sum((m.inputs + m.outputs) * m.each * m.layers for m in found.matrices if m.role not in routed)
    words = f"{plan.adapters} adapters · rank {plan.adapter_rank} · {sides} inputs and outputs · 2 bytes"
    each = plan.adapters * plan.adapter_rank * sides * 2
    return (Term("adapters", each // case.devices, words),)


def shared_weights(case: Case) -> Term:
    """Weights divided evenly, as tensor parallelism does, with copies of what it does not divide."""
    if case.devices == 1:
        return Term("weights", case.held.device, case.held.formula)
    copies = _copied(case)
    words = f"{case.held.formula}, over {case.devices} devices"
    if copies:
        words += f", and {copies} bytes that each holds a copy of"
    return Term("weights", case.held.device // case.devices + copies, words)


def _copied(case: Case) -> int:
    """Bytes on each device beyond an equal part: routers and the ways into latents whole, keys and values by heads.

    vLLM's `ReplicatedLinear`, and `QKVParallelLinear` where there are fewer key-value heads than devices.
    """
    from checker.memory.formats import FORMATS
    from checker.memory.matrices import Role, inventory_of

    found, equal = inventory_of(case.model), 1 / case.devices
    if found is None:
        return 0
    groups = max(1, case.model.dimensions.num_key_value_heads or 1)
    shares = {Role.ROUTER: 1.0, Role.LATENT: 1.0, Role.KEY: 1 / groups, Role.VALUE: 1 / groups}
    each = FORMATS[case.plan.quantization].bits / 8
    more = (
        (max(shares[matrix.role], equal) - equal) * matrix.weights * (2 if matrix.role is Role.ROUTER else each)
        for matrix in found.matrices
        if matrix.role in shares
    )
    return int(sum(more))


def mixed_note(case: Case) -> tuple[str, ...]:
    """What is said of models whose blocks differ."""
    if is_mixed(case.model):
        return ("values of a prefill are those of its MLP; those of recurrent layers are not counted",)
    return ()
