"""Python code that is scanned for models: parsed by Python, never run."""

from checker.scan.python import read
from fuzz.target import ROOT, source

LONGEST = 384
REFUSES = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What `read` documents: Python itself cannot read it."""
WORDS = (
    *(
        "from_pretrained(",
        "AutoModel",
        "pipeline(",
        "model=",
        '"acme/one"',
        "revision=",
        "LLM(",
        "SentenceTransformer(",
        "f'{",
    ),
    *(
        "def f(x):\n    ",
        "class A:\n    ",
        "import ",
        "from . import ",
        "**",
        "*",
        "os.environ.get(",
        "[",
        "]",
        "if ",
        "else ",
        "\n",
    ),
    *("lambda: ", "for x in ", " or ", "% ", ".format(", "+", "@", "global ", "=", "#", "return ", "1"),
)


def seeds():
    text = (ROOT / "tests/data/scan/training.txt").read_text("utf-8")
    for part in text.split("\n\n\n")[:12]:
        yield part.encode()[:LONGEST]
    yield b'from transformers import AutoModel\nNAME = "acme/one"\nm = AutoModel.from_pretrained(NAME, revision="main")\n'
    yield b'import os\nfrom vllm import LLM\nx = os.environ.get("M", "acme/two")\nLLM(model=f"{x}", max_model_len=2 * 4096)\n'
    yield b'def load(name="a/b", **k):\n    return pipeline("text-generation", model=name, **k)\nload(); load("c/d")\n'


def one(data):
    text = source(data, "a.py")
    for use in read(text, lambda _: None).uses:
        assert use.model
        assert 1 <= use.at.line <= text.text.count("\n") + text.text.count("\r") + 1, use
