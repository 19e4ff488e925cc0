"""The command that starts what was planned: one line of a shell, in which a name stays a word."""

from checker.commands._fit_answers import _text
from checker.sizing.start import start
from fuzz.captured import STARTED
from fuzz.planned import as_path
from fuzz.rendered import of
from fuzz.wellformed import shell


def written(name, answer):
    """What `fit --command vllm` prints."""
    subject = answer.subject._replace(
        name=as_path(answer.subject.name), revision=as_path(answer.subject.revision or "")
    )
    answer = answer._replace(subject=subject)
    return _text(name, answer, start(answer, "vllm"))


seeds, one = of(STARTED, written, shell)
