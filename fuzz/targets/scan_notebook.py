"""A notebook that is scanned for models."""

import json

from checker.scan.notebook import read
from fuzz.given import SHAPED, json_text
from fuzz.target import source

LONGEST = 384
REFUSES = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What `read` documents: no cell of it is Python."""
_KEYS = ("cells", "cell_type", "code", "source", "metadata", "worksheets", "input", "!pip install ", "%%bash\n", "\n")
WORDS = (*(f'"{key}"' for key in _KEYS[:7]), "%%bash\\n", "!vllm serve a/b", "from_pretrained(")
_CODE = ["from transformers import AutoModel\n", "AutoModel.from_pretrained('acme/one')\n"]
_NOTEBOOK = {
    "nbformat": 4,
    "metadata": {"kernelspec": {"language": "python"}},
    "cells": [
        {"cell_type": "markdown", "source": ["# Title"]},
        {"cell_type": "code", "source": _CODE, "outputs": []},
        {"cell_type": "code", "source": "%%bash\nvllm serve acme/two\n"},
        {"cell_type": "code", "source": ["!huggingface-cli download a/b\n", "%pip install x\n"]},
    ],
}


def seeds():
    yield json.dumps(_NOTEBOOK).encode()[:LONGEST]
    yield SHAPED


def one(data):
    for use in read(source(json_text(data, (_NOTEBOOK,), _KEYS), "a.ipynb"), lambda _: None).uses:
        assert use.model
