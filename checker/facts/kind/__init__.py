"""What kind of model this is: signals go through decision tables, and an answer with its evidence comes out.

The tables lie in `table/`, one row a reason; the first row that holds decides.
"""

from checker.facts.kind.decide import Evidence, Kind, Standing, Training, classify
from checker.facts.kind.signals import Signals, of_config

__all__ = ["Evidence", "Kind", "Signals", "Standing", "Training", "classify", "of_config"]
