"""Texts that would do something in some medium, and files that carry them in every field that takes free text."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

STARTS = (
    "::set-output name=exit-code::0",
    "  ::add-mask::e",
    "=cmd|' /C calc'!A0",
    "+1;=1",
    "-1+1|x",
    "@SUM(1+1)",
    "\t=1+1",
    "\uff1dSUM(1)",
    "# heading",
    "- item\n* item\n1. item",
    "> quote\n\n    code",
    "| cell | --- |\n|---|---|",
    "```\n~~~~\n---\n===",
    "*x &y !!python/object/apply:os.system [id]",
    "\x1b[31m",
    "--output=json=owned",
    "$(touch owned)`touch owned`; touch owned",
    "../../../etc/passwd%00?x#y",
)
"""What acts at the beginning of a cell, a line, a value or a word."""
WITHIN = (
    "\x1b]0;title\x07\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "\x1b]52;c;Y3VybA==\x07\x1bP1$r\x1b\\\x1b[2J\x1b[1A",
    "\x9b31m\x9d0;title\x9c\x90q",
    "\u202egnp.\u202c \u2066x\u2069 \u200f\u061c",
    "a\u200bb\u2060c\ufeffd\u00ade\U000e0041f\ue000g",
    "a\r\n::error::owned\n::set-output name=exit-code::0\r::stop-commands::e\n##[add-mask]e\ttab",
    "x ##[set-output name=exit-code;]0 ##vso[task.setvariable variable=a]b ##teamcity[x]",
    "\x1b[0Ksection_start:1700000000:a[collapsed=true]\r\x1b[0Khead",
    "@everyone @acme/team #12 !34 GH-7 acme/one#1 a@evil.example 0123456789abcdef0123456789abcdef01234567",
    "[a](javascript:alert(1)) <https://evil.example> www.evil.example ![i](https://evil.example/i.png) [r]",
    "https://evil.example/a?b=c&d http://evil.example ftp://evil.example mailto:a@evil.example",
    "***a*** __b__ ~~c~~ `d` $e$ :tada: &lt; &#60; \\* {#x} \\| | |",
    "<script>alert(1)</script><img src=x onerror=alert(1)></code></td></table></details><style>*{}</style><!--",
    '" onmouseover="alert(1)" x=\'y\' ` autofocus=',
    "{{7*7}}{% raw %}{#x#}${{ secrets.TOKEN }}%(x)s{0}%s",
    "+1;=1,=1\t=1;@x; -1",
    "]]></failure><![CDATA[ <?x?> &x; <!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]> --> --",
    "\x01\x08\x0b\x0c\x1f\x7f\ufffe\uffff",
    "a: b # c, [d] {e: f} - g ? h\n---\nmodels: []\n...\n%YAML 1.1",
    "a\u2028b\u2029c\x85d",
    "'\"\\'\\\"\\n\\",
    "$(touch owned)`touch owned`; touch owned | touch owned && touch owned > owned\ntouch owned 'q' \"q\" \\",
    "javascript:alert(1) data:text/html,<script>alert(1)</script> file:///etc/passwd",
)
"""What acts anywhere."""


def _text(number: int) -> str:
    return " ".join((STARTS[number], *WITHIN[number % 3 :: 3]))


TEXTS = tuple(map(_text, range(len(STARTS))))
"""Each beginning, with a third of what acts anywhere behind it."""
WORDS = ("no", "1e3", "0x1f", "~", "null", "1_000", "12:30:45", "2026-01-01", " a ", ".inf", "=", "<<", "on", "NaN", "")
"""What YAML reads as something else than text."""

MODEL = "CohereLabs/aya-23-8B"
"""A model whose licence the policy refuses, so that there is something to say of every entry."""


def entry(number: int) -> dict[str, Any]:
    """An entry with a text in each field that takes any, another one in each."""
    texts = itertools.cycle(TEXTS[number:] + TEXTS[:number])
    return {
        "name": f"{next(texts)}{number}",
        "model": MODEL,
        "license": next(texts),
        "objective": "other",
        "task": next(texts),
        "fine_tuning": {
            "goal": "tone",
            "method": "lora",
            "sequence_length": 512,
            "data": [{key: next(texts) for key in ("name", "source", "license", "generated_by")}],
            "produces": {"name": next(texts), "license": next(texts), "shared": "weights"},
        },
        "deployment": {"weights": {"model": MODEL}, "context_window": 512, "hardware": {"gpu": "L4"}},
        "baseline_run": {"tasks": [{key: next(texts) for key in ("task", "metric", "version")}]},
        "known": {
            "license": {"value": next(texts), "evidence": next(texts)},
            "pipeline_tag": {"value": next(texts), "evidence": next(texts)},
            "benchmarks": {next(texts)[:200]: {"value": 1, "setting": next(texts), "evidence": next(texts)}},
        },
        "measured": {"training_peak": "1 GiB", "evidence": next(texts)},
        "obligations": [{key: next(texts) for key in ("duty", "where", "by")}],
    }


def manifest(numbers: range = range(0, len(STARTS), 9)) -> str:
    """A manifest that carries every text, and in each of its fields several."""
    texts = itertools.cycle(TEXTS)
    served = {"model": MODEL, "objective": "chat", "access": "api", "provider": TEXTS[3], "terms": TEXTS[1]}
    return as_yaml(
        {
            "weighbridge": 1,
            "project": next(texts),
            "owner": next(texts),
            "use": {
                "purpose": "commercial",
                "regions": [next(texts)],
                "intended": next(texts),
                "risk": {"class": next(texts), "assessment": next(texts), "by": next(texts)},
            },
            "models": [*map(entry, numbers), {"name": TEXTS[2], **served}],
        }
    )


def as_yaml(value: object) -> str:
    """A value in JSON as YAML reads it too: what lies beyond 16 bits is one escape there, and two in JSON."""
    text = json.dumps(value, indent=1)
    return re.sub(r"\\ud[89ab]..\\ud[c-f]..", _one_escape, text)


def _one_escape(pair: re.Match[str]) -> str:
    return f"\\U{ord(json.loads(chr(34) + pair[0] + chr(34))):08x}"
