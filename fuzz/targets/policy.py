"""A policy of an organisation, and the same text as a project's layer."""

from contextlib import suppress

from checker.document.errors import InputError
from checker.policy.file import read_organisation, read_project
from fuzz.target import files, source
from fuzz.yaml_words import only_the_fast_parser, words_of
from tests.repository import POLICY

WORDS = words_of("policy")
LONGEST = 1024


def seeds():
    only_the_fast_parser()
    yield POLICY.encode()
    yield b"rules: {revision-pinned: hard-mandatory}\n"
    yield b"policy: a\nversion: 1\nextends: [weighbridge:enterprise, ./base.yaml]\nfacts: a.lock\nrequire: [lock]\n"
    yield b"policy: a\nversion: 1\nrules:\n  context-window: {enforcement: [advisory, {from: 2027-02-01, enforcement: off}]}\n"
    yield from files("checker/policies/*.yaml", longest=LONGEST)


def one(data):
    text = source(data, "policy.yaml")
    with suppress(InputError):
        read_project(text)
    read_organisation(text)
