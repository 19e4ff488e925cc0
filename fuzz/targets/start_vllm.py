"""The command that starts what was planned with vLLM: one line of a shell, in which a name stays a word."""

from fuzz.captured import STARTED
from fuzz.planned import printed
from fuzz.rendered import of
from fuzz.wellformed import shell

seeds, one = of(STARTED["vllm"], printed, shell, given={"target": "vllm"})
