"""Draw mutants of one package of checker/: mutmut's operators, applied one at a time to the source of one file.

Runs in `.venv-mutants`, which has mutmut and nothing of ours: `draw.py ROOT PACKAGE SAMPLE SEED` prints JSON, one list
of mutants with the whole text of each mutated file. Each file gives its share of the sample, at least one. Within a
file those are taken whose digest, together with the seed, sorts first: a change elsewhere in the file draws no others.
"""

import ast
import bisect
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode


class Visitor(MutationVisitor):
    """As mutmut visits, but into decorated functions too: no trampoline takes their place here."""

    def __init__(self):
        super().__init__(mutation_operators, IgnoredCode(set(), set(), set()))
        self.scopes: list[str] = []
        self.scope_of: dict[cst.CSTNode, str] = {}

    def on_visit(self, node):
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self.scopes.append(node.name.value)
        self.scope_of[node] = ".".join(self.scopes)
        return super().on_visit(node)

    def on_leave(self, node):
        super().on_leave(node)
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self.scopes.pop()

    def _skip_node_and_children(self, node):
        return not isinstance(node, cst.FunctionDef) and super()._skip_node_and_children(node)


class Parts:
    """A file as its statements, so that a change writes only the one anew that it is in: libcst takes its time."""

    def __init__(self, module: cst.Module):
        self.module = module
        self.codes = [module.code_for_node(statement) for statement in module.body]
        whole, body = module.code, "".join(self.codes)
        self.before, _, self.after = whole.partition(body)

    def changed(self, at: int, old: cst.CSTNode, new: cst.CSTNode) -> str:
        statement = self.module.code_for_node(self.module.body[at].deep_replace(old, new))
        return "".join((self.before, *self.codes[:at], statement, *self.codes[at + 1 :], self.after))


def mutants_of(name: str, text: str, seed: str) -> list[dict]:
    """All mutants of a file, in the order in which they are drawn; `make` gives the mutated text."""
    wrapper = MetadataWrapper(cst.parse_module(text))
    visitor = Visitor()
    wrapper.visit(visitor)
    module, places = wrapper.module, wrapper.resolve(PositionProvider)
    parts, starts = Parts(module), [places[statement].start.line for statement in module.body]
    code = cache(lambda node: module.code_for_node(node).strip())
    seen: Counter = Counter()
    found = []
    for mutation in visitor.mutations:
        old, new = mutation.original_node, mutation.mutated_node
        change = (name, visitor.scope_of[old], type(old).__name__, code(old))
        seen[change] += 1
        digest = hashlib.sha256("\n".join((seed, *change, str(seen[change]))).encode()).hexdigest()
        place = places[old]
        at = bisect.bisect_right(starts, place.start.line) - 1
        found.append(
            {
                "file": name,
                "scope": change[1],
                "kind": change[2],
                "before": change[3],
                "line": place.start.line,
                "end_line": place.end.line,
                "digest": digest,
                "make": lambda at=at, old=old, new=new: (parts.changed(at, old, new), code(new)),
            }
        )
    return sorted(found, key=lambda mutant: mutant["digest"])


def shares(sizes: dict[str, int], sample: int) -> dict[str, int]:
    """How many each file gives: in proportion to its mutants, at least one, all where the sample is larger."""
    whole = sum(sizes.values())
    exact = {name: min(size, sample * size / whole) for name, size in sizes.items()}
    given = {name: min(sizes[name], max(1, int(share))) for name, share in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (int(exact[name]) - exact[name], name))
    for name in by_remainder:
        if sum(given.values()) < sample and given[name] < sizes[name]:
            given[name] += 1
    return given


def drawn(mutants: list[dict], count: int, text: str) -> Iterator[dict]:
    """The first `count` that are Python and another program than the original, with their text."""
    original = ast.dump(ast.parse(text))
    for mutant in mutants:
        if not count:
            return
        mutated, after = mutant.pop("make")()
        try:
            if ast.dump(ast.parse(mutated)) == original:
                continue
            compile(mutated, mutant["file"], "exec")
        except SyntaxError:
            continue
        yield mutant | {"after": after, "text": mutated}
        count -= 1


def main(root: str, package: str, sample: str, seed: str) -> None:
    files = sorted(path for path in (Path(root) / "checker" / package).rglob("*.py") if "trace" not in path.parts)
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}
    mutants = {name: mutants_of(name, text, seed) for name, text in texts.items()}
    mutants = {name: some for name, some in mutants.items() if some}
    given = shares({name: len(some) for name, some in mutants.items()}, int(sample))
    chosen = [one for name, some in mutants.items() for one in drawn(some, given[name], texts[name])]
    json.dump({"existing": sum(map(len, mutants.values())), "mutants": chosen}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
