"""The front matter of a model card."""

from checker.facts.card import front_matter, read_card
from fuzz.target import source
from fuzz.yaml_words import MARKS, only_the_fast_parser

WORDS = (
    *MARKS,
    "---",
    "license",
    "license_name",
    "base_model",
    "base_model_relation",
    "tags",
    "relation",
    "models",
    "https://huggingface.co/",
)


def seeds():
    only_the_fast_parser()
    yield b"---\nlicense: apache-2.0\nbase_model: Qwen/Qwen2.5-7B\ntags: [a, b]\n---\n# A model\n"
    yield b"---\nlicense: [mit, other]\nlicense_name: own\nbase_model: {relation: merge, models: [a/b, c/d]}\n---\n"


def one(data):
    front = front_matter(source(data, "README.md"))
    if front is not None:
        card = read_card(front)
        assert all(isinstance(parent.model, str) and parent.model for parent in card.parents)
