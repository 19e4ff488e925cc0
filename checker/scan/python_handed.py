"""Finds the loader behind a call in another form: under another name, in `partial`, or handed to a thread."""

from __future__ import annotations

import ast

from checker.scan.python_calls import CALLS
from checker.scan.python_scopes import Module, Scope, enclosing

HANDERS = frozenset(("partial", "to_thread", "submit", "run_in_executor"))
"""Calls that hand the arguments behind a function on to it."""


def handed_on(call: ast.Call, module: Module) -> ast.Call | None:
    """`partial(load, name)`, `to_thread(load, name)`: the call that will be made; None where it is of no loader."""
    for index, argument in enumerate(call.args):
        if _is_loader(argument, module):
            return ast.copy_location(ast.Call(argument, call.args[index + 1 :], call.keywords), call)
    return None


def meant(call: ast.Call, scope: Scope, module: Module) -> ast.Call:
    """The call under the loader's own name, where a variable holds the loader or a `partial` of it."""
    if not isinstance(call.func, ast.Name) or _is_loader(call.func, module):
        return call
    for place in enclosing(scope):
        for binding in reversed(place.bindings.get(call.func.id, ())):
            value = binding.value
            if isinstance(value, ast.Call) and module.called(value.func) == "partial" and value.args:
                value = value.args[0]
            if _is_loader(value, module):
                return ast.copy_location(ast.Call(value, call.args, call.keywords), call)
    return call


def hands_its_own_on(call: ast.Call, module: Module) -> bool:
    """Whether a class hands on what it was called with: `cls.…(*args)`, `super().…(*args)`."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(owner, ast.Call):
        return module.called(owner.func) == "super"
    return owner is not None and module.called(owner) == "cls"


def _is_loader(node: ast.expr, module: Module) -> bool:
    return isinstance(node, (ast.Attribute, ast.Name)) and module.called(node) in CALLS
