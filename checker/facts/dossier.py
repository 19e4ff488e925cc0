"""Everything gathered about one entry of a manifest before any rule looks at it."""

from collections.abc import Mapping
from types import MappingProxyType

from checker.baseline.results import BaselineState
from checker.facts.calibration import Calibration
from checker.facts.claims import Contradiction
from checker.facts.fact import Origin
from checker.facts.lineage import Lineage
from checker.facts.lock_state import LockState
from checker.facts.model import Facts
from checker.facts.shown import ShownText
from checker.value import NamedTuple


class Dossier(NamedTuple):
    """The facts of one entry, joined from all sources."""

    facts: Facts
    origin: Origin | None
    """Where the facts come from; None where nothing but the project's own word is known."""
    lineage: Lineage
    contradictions: tuple[Contradiction, ...]
    """Claims of the manifest that surer facts contradict."""
    baseline: BaselineState
    nearest: str | None = None
    """The recorded id nearest to one that is not recorded, or the folder of its name: offered, never assumed."""
    lock: LockState = LockState()
    """What the project's lock and the organisation's facts hold of it."""
    generators: Mapping[str, Facts | None] = MappingProxyType({})
    """What is recorded of the models that made training data, by the name that the manifest gives them."""
    shown: tuple[ShownText, ...] = ()
    """The files that the entry names under `obligations`."""
    calibration: Calibration | None = None
    """What was measured of the project's plans; None where no file lies beside the manifest, or nothing is trained."""
    weights: "Dossier | None" = None
    """The same for the artefact that is really loaded, where `deployment.weights` names one."""
