"""Texts that would do something in some medium, and a project that carries them in every field that takes free text."""

from __future__ import annotations

import json
import re
from typing import Any

PAYLOADS = {
    "a colour and a title": "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "a link of a terminal": "\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "a clipboard": "\x1b]52;c;Y3VybA==\x07\x1bP1$r\x1b\\\x1b[2J\x1b[1A",
    "eight-bit controls": "\x9b31m\x9d0;title\x9c\x90q\x85",
    "text turned around": "\u202egnp.\u202c \u2066x\u2069 \u200f\u061c",
    "text that hides": "a\u200bb\u2060c\ufeffd\u00ade\U000e0041f\ue000g",
    "lines with commands": "a\r\n::error::owned\n::set-output name=exit-code::0\r::stop-commands::e\n##[add-mask]e\ttab",
    "a command": "::set-output name=exit-code::0",
    "a command behind blanks": "  ::add-mask::e",
    "an older command": "x ##[set-output name=exit-code;]0 ##vso[task.setvariable variable=a]b ##teamcity[x]",
    "a section": "\x1b[0Ksection_start:1700000000:a[collapsed=true]\r\x1b[0Khead",
    "mentions": "@everyone @acme/team #12 !34 GH-7 acme/one#1 a@evil.example 0123456789abcdef0123456789abcdef01234567",
    "links": "[a](javascript:alert(1)) <https://evil.example> www.evil.example ![i](https://evil.example/i.png) [r]",
    "addresses": "https://evil.example/a?b=c&d http://evil.example ftp://evil.example mailto:a@evil.example",
    "a heading": "# heading",
    "a list": "- item\n* item\n1. item\n> quote\n\n    code",
    "a fence": "```\n~~~~\n````\n---\n===",
    "cells": "| cell | --- | \\| x\n|---|---|",
    "emphasis": "***a*** __b__ ~~c~~ `d` $e$ :tada: &lt; &#60; \\* {#x}",
    "elements": "<script>alert(1)</script><img src=x onerror=alert(1)></code></td></table></details><style>*{}</style><!--",
    "attributes": '" onmouseover="alert(1)" x=\'y\' ` autofocus=',
    "a template": "{{7*7}}{% raw %}{#x#}${{ secrets.TOKEN }}%(x)s{0}%s",
    "a formula": "=cmd|' /C calc'!A0",
    "more formulas": "+1;=1,=1\t=1;@x",
    "a formula with minus": "-1+1|x",
    "a formula with at": "@SUM(1+1)",
    "a formula in full width": "\uff1dSUM(1)",
    "a formula behind a tab": "\t=1+1",
    "an end of XML": "]]></failure><![CDATA[ <?x?> &x; <!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]> --> --",
    "controls": "\x01\x08\x0b\x0c\x1f\x7f\ufffe\uffff",
    "marks of YAML": "a: b # c, [d] {e: f} - g ? h",
    "an alias": "*x",
    "an anchor": "&x y",
    "a tag": "!!python/object/apply:os.system [id]",
    "a block": "|\n  a\n b",
    "a document": "---\nmodels: []\n...\n%YAML 1.1",
    "ends of line": "a\u2028b\u2029c\x85d",
    "a word that is no": "no",
    "a number": "1e3",
    "a number of sixteens": "0x1f",
    "nothing": "~",
    "quotes": "'\"\\'\\\"\\n",
    "blanks around": " a ",
    "a shell": "$(touch owned)`touch owned`; touch owned | touch owned && touch owned > owned\ntouch owned 'q' \"q\" \\",
    "an option": "--output=json=owned",
    "a script": "javascript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "a file": "file:///etc/passwd",
    "a way out": "../../../etc/passwd%00?x#y",
}
"""By what they would be."""

MODEL = "CohereLabs/aya-23-8B"
"""A model whose licence the policy refuses, so that there is something to say of every entry."""


def entry(number: int, text: str) -> dict[str, Any]:
    """An entry with a text in each field that takes any."""
    return {
        "name": f"{text}{number}",
        "model": MODEL,
        "revision": text,
        "license": text,
        "objective": "other",
        "task": text,
        "fine_tuning": {
            "goal": "tone",
            "method": "lora",
            "sequence_length": 512,
            "data": [{"name": text, "source": text, "license": text, "generated_by": text}],
            "produces": {"name": text, "license": text, "shared": "weights"},
        },
        "deployment": {
            "weights": {"model": MODEL, "revision": text},
            "context_window": 512,
        },
        "baseline_run": {"tasks": [{"task": text, "metric": text, "version": text}]},
        "known": {
            "license": {"value": text, "evidence": text},
            "pipeline_tag": {"value": text, "evidence": text},
            "benchmarks": {f"{text}": {"value": 1, "setting": text, "evidence": text}},
        },
        "measured": {"training_peak": "1 GiB", "evidence": text},
        "obligations": [{"duty": text, "where": text, "by": text}],
    }


def served(number: int, text: str) -> dict[str, Any]:
    """An entry that a service answers for."""
    return {
        "name": f"api {text}{number}",
        "model": MODEL,
        "objective": "chat",
        "access": "api",
        "provider": text,
        "terms": text,
    }


def manifest(text: str = "") -> str:
    """A manifest that carries every text in every field; `text` is what its own fields hold."""
    text = text or PAYLOADS["lines with commands"]
    models = [made(number, one) for number, one in enumerate(PAYLOADS.values()) for made in (entry, served)]
    return as_yaml(
        {
            "weighbridge": 1,
            "project": text,
            "owner": text,
            "use": {
                "purpose": "commercial",
                "regions": [text],
                "intended": text,
                "risk": {"class": text, "assessment": text, "by": text},
            },
            "hardware": {"gpu": "L4"},
            "models": models,
        }
    )


def as_yaml(value: object) -> str:
    """A value in JSON as YAML reads it too: what lies beyond 16 bits is one escape there, and two in JSON."""
    text = json.dumps(value, indent=1)
    return re.sub(r"\\ud[89ab]..\\ud[c-f]..", _one_escape, text)


def _one_escape(pair: re.Match[str]) -> str:
    return f"\\U{ord(json.loads(chr(34) + pair[0] + chr(34))):08x}"
