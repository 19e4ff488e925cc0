"""What a cluster is told to start what was planned: the resources that we gave it, in which a name stays a text."""

from checker.commands._fit_answers import _text
from checker.sizing.start import KUBERNETES, start
from fuzz.captured import STARTED
from fuzz.planned import as_path
from fuzz.rendered import of
from fuzz.wellformed import yaml_documents


def written(name, answer):
    """What `fit --command kubernetes` prints."""
    subject = answer.subject._replace(
        name=as_path(answer.subject.name), revision=as_path(answer.subject.revision or "")
    )
    answer = answer._replace(subject=subject)
    return _text(name, answer, start(answer, KUBERNETES))


seeds, one = of(STARTED, written, yaml_documents)
