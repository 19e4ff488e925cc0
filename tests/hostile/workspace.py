"""A folder in which every file and every name means harm."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.baseline.files import newer
from tests.hostile.payloads import MODEL, TEXTS, as_yaml, manifest
from tests.repository import FIELDS

NAMES = tuple(
    name.replace("/", "\u2215").replace("\0", "")[:60]
    for name in (
        *TEXTS[::3],
        "::error::x",
        "a\n::set-output name=exit-code::0",
        "--help",
        "~",
        "C:",
        "nul",
        " ",
        "\u202ex",
    )
)
"""Names of files and folders."""
OPEN = """\
weighbridge: 1
project: shop
owner: team
models:
  - {name: assistant, model: Qwen/Qwen2.5-7B-Instruct, revision: main, objective: chat}
"""
SERVED = """\
weighbridge: 1
project: shop
owner: team
models:
  - name: NAME
    model: Qwen/Qwen2.5-7B-Instruct
    objective: chat
    deployment: {context_window: 8192, hardware: {gpu: L40S}}
"""


def policy(text: str) -> str:
    """A policy with a text in each of its fields."""
    return as_yaml(
        {
            "policy": text,
            "version": text,
            "extends": "weighbridge:enterprise",
            "api": {"providers": list(TEXTS)},
            "waivers": {"from": "project", "approvers": [*TEXTS, "legal@example.com"], "max_days": 90},
            "rules": {
                "model-approved": {"enforcement": "soft-mandatory", "models": ["acme/*"]},
                "publisher-allowed": {"enforcement": "soft-mandatory", "allow": list(TEXTS)},
                "custom": [
                    {"id": "acme-size", "assert": "model.params < 1", "message": text, "enforcement": "soft-mandatory"}
                ],
            },
        }
    )


def waivers() -> str:
    """Waivers with a text in each field; each covers the entry of `OPEN`."""
    made = [
        {
            **FIELDS,
            "id": text[:200],
            "project": "shop",
            "rule": "revision-pinned",
            "reason": text,
            "approver": text.strip(),
            "ticket": text,
        }
        for text in TEXTS
    ]
    return as_yaml({"waivers": made})


def results(share: float = 0.5) -> str:
    """Results whose tasks and model have such names."""
    return json.dumps(newer({text[:60]: share for text in TEXTS}, model=TEXTS[0][:99], git_hash=TEXTS[1][:99]))


def rows() -> str:
    """A table of models with such ids."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("model", "license"), *((text, text) for text in TEXTS), (MODEL, TEXTS[0])])
    return stream.getvalue()


def code() -> str:
    """A program that names models so."""
    calls = "".join(f"pipeline(model={text!r}, revision={text!r})\n" for text in TEXTS)
    return f"from transformers import pipeline\npipeline('text-generation', model='{MODEL}')\n{calls}"


def laid_out(folder: Path) -> None:
    """Write all of it."""
    files = {
        "model.yaml": manifest(),
        "policy.yaml": policy(TEXTS[0]),
        "policy.test.yaml": as_yaml(
            {
                "weighbridge_policy_tests": 1,
                "cases": [
                    {
                        "name": text,
                        "manifest": {"models": [{"model": MODEL, "objective": "chat"}]},
                        "expect": {"license-allowed": "pass"},
                    }
                    for text in TEXTS
                ],
            }
        ),
        "older.yaml": "policy: older\nversion: 1\nextends: weighbridge:enterprise\n",
        "open/model.yaml": OPEN,
        "open/waivers.yaml": waivers(),
        "served/model.yaml": SERVED.replace("NAME", as_yaml(TEXTS[2])),
        "results.json": results(),
        "after.json": results(0.4),
        "table.csv": rows(),
        "code/use.py": code(),
        "local/README.md": f"---\n{as_yaml({'license': TEXTS[0], 'base_model': TEXTS[1], 'pipeline_tag': TEXTS[2]})}\n---\n",
        "local/config.json": json.dumps({"model_type": TEXTS[3], "architectures": list(TEXTS)}),
        "local/model.safetensors": "",
        "broken/model.yaml": f"weighbridge: 1\nowner: {as_yaml(TEXTS[0])}\nmodels: {as_yaml(TEXTS[1])}\n{as_yaml(TEXTS[2][:80])}: 1\n",
    }
    for number, name in enumerate(NAMES):
        files[f"projects/{name}/model.yaml"] = OPEN if number % 2 else "weighbridge: 1\nmodels: {\n"
        files[f"texts/LICENSE-{name}"] = name
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
