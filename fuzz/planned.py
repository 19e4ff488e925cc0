"""What a manifest lets through to commands that are printed: models in the form of a path, and names of tasks as they are."""

from __future__ import annotations

from checker.baseline.plan import Asked, Plan, plan
from checker.commands._fit_answers import _text
from checker.manifest.model_id import _is_relative
from checker.sizing.answer import Answer
from checker.sizing.start import start


def made(asked: Asked) -> Plan:
    """The plan for what was asked, in which a model's name is one that a manifest may hold."""
    return plan(asked._replace(model=as_path(asked.model), is_local=True))


def printed(name: str, answer: Answer, target: str) -> str:
    """What `fit --command` prints of an answer about such a model."""
    subject = answer.subject
    named = subject._replace(name=as_path(subject.name), revision=as_path(subject.revision or ""))
    answer = answer._replace(subject=named)
    return _text(name, answer, start(answer, target))


def as_path(text: str) -> str:
    """A path that a manifest may hold, with as much of a text as can stand in one."""
    path = f"./{''.join(one for one in text if one.isprintable() and one not in ':' + chr(92))}"
    return path if _is_relative(path) else "./model"
