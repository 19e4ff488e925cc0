"""What a run is asked to do."""

from datetime import date
from pathlib import Path

from checker.rulebook.schedule import Enforcement
from checker.value import NamedTuple

STANDARD_INPUT = "<stdin>"
"""What reports call a manifest that came from there."""


IGNORING_WAIVERS = "--ignore-waivers: findings that waivers cover are judged as open"
"""What every report says of a run that judges as if nothing were excepted."""


CHOSEN_BY_PROJECT = "the project chose its policy in pyproject.toml"
"""What every report says of a policy that nobody but the project names: whoever can edit it can choose another."""


def judged_as_of(day: date) -> str:
    """What every report says of a run that judges as of another day than today."""
    return f"--today {day}"


class Request(NamedTuple):
    """What a run is asked to do."""

    paths: tuple[Path, ...]
    policy: str | None
    """`--policy`."""
    environment_policy: str | None
    """`WEIGHBRIDGE_POLICY`."""
    today: date
    require_policy: str | None = None
    discovered: bool = False
    """Whether the paths may be files that are something else."""
    allow_empty: bool = False
    relaxations: tuple[str, ...] = ()
    exit_zero: bool = False
    fail_on: Enforcement = Enforcement.SOFT_MANDATORY
    ignore_waivers: bool = False
    """Whether to judge as if nothing were excepted."""
    jobs: int = 1
    standard_input: bytes | None = None
    """A manifest read from standard input; None where none was asked for."""
    keep_basis: bool = False
    """Whether the report holds what was judged, beside the verdicts."""
    proposals: bool = True
    """Whether rules also compute what would do instead of what they refuse; no verdict depends on it."""
