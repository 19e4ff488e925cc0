"""The command that starts what was planned with Text Embeddings Inference: one line of a shell, in which a name stays a word."""

from fuzz.captured import STARTED
from fuzz.planned import printed
from fuzz.rendered import of
from fuzz.wellformed import shell

seeds, one = of(STARTED["tei"], printed, shell, given={"target": "tei"})
