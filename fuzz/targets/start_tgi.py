"""The command that starts what was planned with Text Generation Inference: one line of a shell, in which a name stays a word."""

from fuzz.captured import STARTED
from fuzz.planned import printed
from fuzz.rendered import of
from fuzz.wellformed import shell

seeds, one = of(STARTED["tgi"], printed, shell, given={"target": "tgi"})
