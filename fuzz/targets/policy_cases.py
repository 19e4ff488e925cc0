"""A file of an organisation's cases of its policy."""

from checker.policy_tests.file import read_cases
from fuzz.target import source
from fuzz.yaml_words import only_the_fast_parser, words_of

WORDS = words_of("policy-tests")
LONGEST = 768


def seeds():
    only_the_fast_parser()
    yield (
        b"cases:\n- name: a model that may be used\n  manifest: {models: [{model: Qwen/Qwen2.5-7B-Instruct, objective: chat}]}\n"
        b"  expect: {license-allowed: pass}\n- name: b\n  model: a/b\n  today: 2026-11-28\n  expect: fail\n"
    )
    yield b"cases: []\ncases_of: [other.yaml]\n"


def one(data):
    read_cases(source(data, "policy-tests.yaml"), ("custom.own",))
