"""What rules are told of the organisation: its providers, and that most policies say nothing of the organisation."""

from checker.value import NamedTuple


class Providers(NamedTuple):
    """Through whose API models may be used."""

    allowed: tuple[str, ...] | None
    """None where the policy says nothing of providers, so that no model behind an API can be judged."""


class NothingSaid(NamedTuple):
    """Stands for an `Organisation` of which the policy says nothing, whose blocks then need not be imported."""

    seat: None = None
    users: tuple[()] = ()
    revenue: tuple[()] = ()
