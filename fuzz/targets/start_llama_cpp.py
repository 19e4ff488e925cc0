"""The command that starts what was planned with llama.cpp: one line of a shell, in which a name stays a word."""

from fuzz.captured import STARTED
from fuzz.planned import printed
from fuzz.rendered import of
from fuzz.wellformed import shell

seeds, one = of(STARTED["llama.cpp"], printed, shell, given={"target": "llama.cpp"}, ours=("quantization",))
