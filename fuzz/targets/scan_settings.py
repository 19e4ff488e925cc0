"""YAML and JSON of any tool that is scanned for models: configuration, workflows, adapters."""

import json

from checker.scan import adapter, json_tree, settings
from checker.scan.plain_yaml import documents
from fuzz.given import SHAPED, Given, shaped
from fuzz.target import source
from fuzz.yaml_words import only_the_fast_parser

LONGEST = 256
_KEYS = (
    *(
        "model",
        "model_name_or_path",
        "base_model_name_or_path",
        "peft_type",
        "revision",
        "args",
        "command",
        "image",
        "env",
    ),
    *(
        "acme/one",
        "hf://acme/one",
        "ollama/llama3",
        "vllm/vllm-openai",
        "--model",
        "$M",
        "${M}",
        "run",
        "script",
        "{{ x }}",
    ),
)
WORDS = (*_KEYS, "\n", ": ", "- ", "|\n", "{", "}", "[", "]", "&a", "*a", "---\n", "!tag ")
_SETTINGS = (
    {
        "model": "acme/one",
        "revision": "main",
        "training": {"base_model": "acme/two", "load_in_4bit": True, "lora_r": 8},
    },
    {"containers": [{"image": "vllm/vllm-openai", "args": ["--model", "acme/one", "--max-model-len=8192"], "env": []}]},
    {
        "base_model_name_or_path": "acme/base",
        "peft_type": "LORA",
        "r": 8,
        "target_modules": ["q_proj"],
        "revision": None,
    },
    {
        "jobs": {"a": {"steps": [{"run": "vllm serve acme/one\nollama run llama3"}]}},
        "model_list": [{"model_name": "a/b"}],
    },
)


def seeds():
    only_the_fast_parser()
    for number, one_ in enumerate(_SETTINGS):
        yield json.dumps(one_).encode()
        yield SHAPED + bytes((number,))
    yield b"model:\n  name: acme/one  # a comment\nsteps:\n- run: |\n    vllm serve acme/two\n"


def one(data):
    text = json.dumps(shaped(Given(data[1:]), _SETTINGS, _KEYS)).encode() if data.startswith(SHAPED) else data
    read = source(text, "settings.json")
    if text.lstrip().startswith((b"{", b"[")):
        root = json_tree.parse(read)
        adapter.read(root)
        _used(settings.read(root, {}, {}, lambda _: True))
    for document in documents(read):
        _used(settings.read(document.root, {"M": "acme/one"}, document.templates, lambda _: True))


def _used(found):
    assert all(use.model for use in found.uses)
