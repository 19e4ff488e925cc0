"""Many random expressions for custom rules: each is refused, answered, or said to have no answer, at once.

    python benchmarks/custom_fuzz.py [--seconds 300] [--seed 1]

Half of the expressions are grown from a grammar of CEL, so that most of them compile; the others are such texts with
characters changed. Each is read as a policy would read it and, where it is admitted, computed with and without values.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter

from checker.custom.expression import Trouble, evaluate, mistakes
from checker.custom.limits import MAX_CHARACTERS
from checker.custom.values import MAX_ITEMS, MAX_TEXT
from checker.custom.variables import variables

VALUES = {
    "string": "Llama-3.1 " * (MAX_TEXT // 10),
    "int": 1 << 40,
    "double": 0.5,
    "bool": True,
    "list(string)": ["LlamaForCausalLM"] * MAX_ITEMS,
    "list(int)": [1, 2, 3],
    "list(double)": [0.5] * 20,
    "list(bool)": [True, False],
    "map(string, double)": {"MMLU": 71.0},
}
BY_TYPE: dict[str, list[str]] = {}
for variable in variables().values():
    BY_TYPE.setdefault(variable.type, []).append(variable.name)
BOUND = {one.name: VALUES[one.type] for one in variables().values()}
PATTERNS = (
    "a",
    "^[0-9a-f]{40}$",
    "(a|b)*a(a|b)(a|b)(a|b)",
    "(x+x+)+y",
    "[^a-z]?",
    "(",
    "a{2,1}",
    ".*.*.*z",
    "(?i)llama",
    "",
)
ODD = "()[]{}'\"\\.,?:!&|<>=+-*/%\n\t\x00é😀0aλ "


class Grammar:
    """Grows an expression of a type; `depth` says how much further it may grow."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.bound = 0

    def boolean(self, depth: int) -> str:
        pick = self.chance.choice
        if depth <= 0:
            return pick(("true", "false", pick(BY_TYPE["bool"])))
        forms = (
            lambda: f"{self.boolean(depth - 1)} {pick(('&&', '||'))} {self.boolean(depth - 1)}",
            lambda: f"!({self.boolean(depth - 1)})",
            lambda: f"({self.boolean(depth - 1)} ? {self.boolean(depth - 1)} : {self.boolean(depth - 1)})",
            lambda: f"{self.number(depth - 1)} {pick(('<', '<=', '==', '!=', '>'))} {self.number(depth - 1)}",
            lambda: f"{self.text(depth - 1)} {pick(('==', '!=', '<'))} {self.text(depth - 1)}",
            lambda: f"{self.text(depth - 1)} in {self.texts(depth - 1)}",
            lambda: f"{self.text(depth - 1)}.{pick(('contains', 'startsWith', 'endsWith'))}({self.text(depth - 1)})",
            lambda: f"{self.text(depth - 1)}.matches({pick(PATTERNS)!r})",
            lambda: f"{self.texts(depth - 1)} == {self.texts(depth - 1)}",
            lambda: self.comprehension(depth),
        )
        return pick(forms)()

    def comprehension(self, depth: int) -> str:
        self.bound += 1
        name, pick = f"v{self.bound}", self.chance.choice
        inner = pick(
            (f"{name} == 'a'", f"{name}.matches({pick(PATTERNS)!r})", f"size({name}) > 3", self.boolean(depth - 1))
        )
        return f"{self.texts(depth - 1)}.{pick(('all', 'exists', 'exists_one'))}({name}, {inner})"

    def number(self, depth: int) -> str:
        pick = self.chance.choice
        if depth <= 0:
            return pick((str(self.chance.randrange(-9, 1 << 40)), pick(BY_TYPE["int"])))
        forms = (
            lambda: f"({self.number(depth - 1)} {pick('+-*/%')} {self.number(depth - 1)})",
            lambda: f"size({self.text(depth - 1)})",
            lambda: f"size({self.texts(depth - 1)})",
            lambda: f"int({self.text(depth - 1)})",
        )
        return pick(forms)()

    def text(self, depth: int) -> str:
        pick = self.chance.choice
        if depth <= 0:
            return pick(("'a'", "''", "'" + "x" * self.chance.randrange(40) + "'", pick(BY_TYPE["string"])))
        forms = (
            lambda: f"({self.text(depth - 1)} + {self.text(depth - 1)})",
            lambda: f"{self.texts(depth - 1)}[{self.number(depth - 1)}]",
            lambda: f"string({self.number(depth - 1)})",
        )
        return pick(forms)()

    def texts(self, depth: int) -> str:
        pick = self.chance.choice
        if depth <= 0:
            return pick(BY_TYPE["list(string)"])
        self.bound += 1
        name = f"v{self.bound}"
        forms = (
            lambda: f"[{', '.join(self.text(depth - 1) for _ in range(self.chance.randrange(4)))}]",
            lambda: f"({self.texts(depth - 1)} + {self.texts(depth - 1)})",
            lambda: f"{self.texts(depth - 1)}.filter({name}, {name} != {self.text(depth - 1)})",
            lambda: f"{self.texts(depth - 1)}.map({name}, {pick((name, f'{name} + {name}', self.text(depth - 1)))})",
        )
        return pick(forms)()


def changed(text: str, chance: random.Random) -> str:
    """The text with a few characters put in, taken out or doubled."""
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice((0, 0, 1, 5, 40)))
        text = text[:at] + chance.choice(("", chance.choice(ODD), text[at:end] * 2)) + text[end:]
    return text[: MAX_CHARACTERS + 5]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    chance, seen = random.Random(args.seed), Counter[str]()
    slowest, slowest_text, end = 0.0, "", time.monotonic() + args.seconds
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while time.monotonic() < end:
        grown = Grammar(chance).boolean(chance.randrange(1, 6))[:MAX_CHARACTERS]
        text = grown if chance.random() < 0.5 else changed(grown, chance)
        begun = time.perf_counter()
        if found := mistakes(text):
            assert all(one.sentence and 0 <= one.at <= len(text) for one in found), text
            seen["refused"] += 1
        else:
            for bound in ({}, BOUND):
                result = evaluate(text, bound)
                assert isinstance(result, (bool, Trouble)), text
                seen["no answer" if isinstance(result, Trouble) else str(result).lower()] += 1
        took = time.perf_counter() - begun
        if took > slowest:
            slowest, slowest_text = took, text
    grown_by = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"seed {args.seed}, {args.seconds:.0f} s, Python {sys.version.split()[0]}: {dict(sorted(seen.items()))}")
    print(f"slowest {slowest * 1000:.0f} ms, memory grew by {grown_by / 1024:.0f} MiB")
    print(f"slowest expression: {slowest_text[:300]}")


if __name__ == "__main__":
    main()
