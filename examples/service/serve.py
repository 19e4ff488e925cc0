"""A service that takes model and commit from its manifest, so that what was checked is what runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import checker

HERE = Path(__file__).parent


def load_embedder() -> Any:
    """The embedder at the commit that the manifest pins; needs sentence-transformers."""
    from sentence_transformers import SentenceTransformer

    pin = checker.pin("embedder", HERE)
    return SentenceTransformer(pin.model, revision=pin.revision)


if __name__ == "__main__":
    vectors = load_embedder().encode(["How do I reset my password?"])
    sys.stdout.write(f"{vectors.shape}\n")
