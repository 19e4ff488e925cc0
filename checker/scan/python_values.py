"""What an expression of a Python file comes to, as far as reading tells: constants, variables, defaults, lookups."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from checker.scan.python_known import MAX_VALUES, any_of, hashable, put_together
from checker.scan.python_scopes import Binding, Import, Module, Scope, enclosing, holding, last_name
from checker.scan.python_tables import MAX_DEPTH, MAX_STEPS, Known, Tables, stands_in

_CHOICES = frozenset(("selectbox", "radio", "select_slider", "multiselect", "text_input"))
"""Elements of forms (Streamlit) that give back one of their options, or a default."""

FROM_MANIFEST = "the manifest names it"
"""Why a value is not known that `checker.pin` reads."""

Others = Callable[[str], Module | None]
"""The module of the repository that a dotted name leads to."""


class Values(Tables):
    """Follows the expressions of one module, and those of modules of the repository that it imports."""

    def __init__(self, module: Module, others: Others) -> None:
        super().__init__(module)
        self._others = others

    def of(self, node: ast.expr, scope: Scope) -> Known:
        """The values that `node`, standing in `scope`, may have."""
        self._steps = 0
        return self._of(node, scope, 0)

    def _of(self, node: ast.expr, scope: Scope, depth: int) -> Known:
        self._steps += 1
        if depth > MAX_DEPTH or self._steps > MAX_STEPS:
            return Known((), "it is put together in too many steps to follow")
        handler = _HANDLERS.get(type(node))
        if handler is None:
            return Known((), "it is worked out while the program runs")
        known: Known = handler(self, node, scope, depth + 1)
        return known._replace(values=tuple(dict.fromkeys(hashable(known.values)))[:MAX_VALUES])

    def _constant(self, node: ast.Constant, scope: Scope, depth: int) -> Known:
        if node.value is None:
            return Known((None,), "it is None until somebody sets it")
        return Known((node.value,)) if isinstance(node.value, (str, int, float)) else Known((), "no text")

    def _joined(self, node: ast.JoinedStr, scope: Scope, depth: int) -> Known:
        parts = [
            self._of(part.value, scope, depth) if isinstance(part, ast.FormattedValue) else self._of(part, scope, depth)
            for part in node.values
        ]
        return put_together(parts)

    def _sum(self, node: ast.BinOp, scope: Scope, depth: int) -> Known:
        left, right = self._of(node.left, scope, depth), self._of(node.right, scope, depth)
        if isinstance(node.op, ast.Add):
            return put_together([left, right])
        if isinstance(node.op, ast.Div):  # paths
            return put_together([left, Known(("/",)), right])
        return Known((), "it is worked out while the program runs")

    def _either(self, node: ast.IfExp, scope: Scope, depth: int) -> Known:
        return any_of((self._of(node.body, scope, depth), self._of(node.orelse, scope, depth)))

    def _or(self, node: ast.BoolOp, scope: Scope, depth: int) -> Known:
        return any_of(self._of(value, scope, depth) for value in node.values)

    def _walrus(self, node: ast.NamedExpr, scope: Scope, depth: int) -> Known:
        return self._of(node.value, scope, depth)

    def _awaited(self, node: ast.Await | ast.Starred, scope: Scope, depth: int) -> Known:
        return self._of(node.value, scope, depth)

    def _listed(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope, depth: int) -> Known:
        """A list stands for its items: whoever takes one takes any."""
        return any_of(self._of(item, scope, depth) for item in node.elts[: MAX_VALUES * 2])

    def _table(self, node: ast.Dict, scope: Scope, depth: int) -> Known:
        return any_of(self._of(value, scope, depth) for value in node.values[: MAX_VALUES * 2])

    def _name(self, node: ast.Name, scope: Scope, depth: int) -> Known:
        for place in enclosing(scope):
            bindings = [one for one in place.bindings.get(node.id, ()) if not stands_in(node, one.value)]
            if bindings:
                bound = holding(bindings, node.lineno if place is scope else None)
                return any_of(self._bound(binding, place, depth) for binding in bound)
            if node.id in place.parameters:
                return self._parameter(node.id, place, depth)
        imported = self._module.imports.get(node.id)
        if imported is not None and imported.name is not None:
            return self._imported(imported, depth)
        for star in self._module.stars:
            if (known := self._imported(Import(star, node.id), depth)).values:
                return known
        return Known((), f"nothing in the file gives `{node.id}` a value")

    def _bound(self, binding: Binding, scope: Scope, depth: int) -> Known:
        value = binding.value
        if binding.item is not None:
            elements = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
            if binding.each and isinstance(value, ast.Call) and last_name(value.func) == "items":
                tables = self._tables(getattr(value.func, "value", value), scope, depth)
                pairs = [(t.keys if binding.item == 0 else t.values, at) for t, at in tables if isinstance(t, ast.Dict)]
                return any_of(self._of(one, at, depth) for side, at in pairs for one in side if one is not None)
            if binding.each:
                rows = [row.elts for row in elements if isinstance(row, (ast.Tuple, ast.List))]
                return any_of(self._of(row[binding.item], scope, depth) for row in rows if len(row) > binding.item)
            if binding.item < len(elements):
                return self._of(elements[binding.item], scope, depth)
            rows = [table.elts for table, _ in self._tables(value, scope, depth) if isinstance(table, ast.Tuple)]
            if rows:
                return any_of(self._of(row[binding.item], scope, depth) for row in rows if len(row) > binding.item)
            return Known((), "it is one of several results of a call")
        if binding.each:
            return self._walked(value, scope, depth)
        return self._of(value, scope, depth)

    def _walked(self, value: ast.expr, scope: Scope, depth: int) -> Known:
        """What a loop takes one after the other."""
        method = value.func.attr if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) else ""
        over = value.func.value if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) else value
        tables = self._tables(over if method in ("values", "keys") else value, scope, depth)
        if not tables:
            return self._of(value, scope, depth)
        found = []
        for table, place in tables:
            keys = [key for key in table.keys if key is not None] if isinstance(table, ast.Dict) else []
            items = getattr(table, "elts", keys) if method != "values" else getattr(table, "values", [])
            found += [self._of(item, place, depth) for item in items[: MAX_VALUES * 2]]
        return any_of(found)

    def _parameter(self, name: str, scope: Scope, depth: int) -> Known:
        """A parameter is its default, and what calls in the same file hand over."""
        default = scope.parameters[name]
        found = [self._of(default, scope.parent or scope, depth)] if default is not None else []
        found += [self._of(value, where, depth) for value, where in self._handed_over(name, scope)]
        found += [self._option(call, depth) for call in self._module.arguments.get(name, ())]
        known = [one for one in found if one.values]
        if known:
            return any_of(known)._replace(why="")
        return found[0] if found else Known((), f"`{name}` is handed over by whoever calls")

    def _handed_over(self, name: str, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
        node = scope.node
        called = getattr(node, "name", "")
        parameters = list(scope.parameters)
        method = isinstance(scope.parent.node, ast.ClassDef) if scope.parent else False
        if called == "__init__" and scope.within is not None:
            called = scope.within.name
        for call, where in self._module.calls_of.get(called, ()) if called else ():
            if where is scope:
                continue
            position = parameters.index(name) - (1 if method and parameters[0] in ("self", "cls") else 0)
            for keyword in call.keywords:
                if keyword.arg == name:
                    yield keyword.value, where
            if 0 <= position < len(call.args) and not any(isinstance(one, ast.Starred) for one in call.args):
                yield call.args[position], where

    def _imported(self, imported: Import, depth: int) -> Known:
        other = self._others(imported.module)
        if other is None or imported.name is None:
            return Known((), f"`{imported.name}` comes from {imported.module}, which is not in the repository")
        inside = Values(other, _nobody)
        inside._steps = self._steps
        node = ast.Name(imported.name, ast.Load(), lineno=1, col_offset=0)
        return inside._of(node, other.scope, depth)

    def _attribute(self, node: ast.Attribute, scope: Scope, depth: int) -> Known:
        owner, name = node.value, node.attr
        if isinstance(owner, ast.Name) and owner.id in ("self", "cls") and scope.within is not None:
            return self._of_class(scope.within.name, name, depth)
        if name == "value" and isinstance(owner, ast.Attribute):
            return self._of(owner, scope, depth)  # a member of an enumeration
        if isinstance(owner, ast.Call) and last_name(owner.func) == "pin":
            return Known((), FROM_MANIFEST)
        if isinstance(owner, ast.Name):
            if owner.id in self._module.classes:
                return self._of_class(owner.id, name, depth)
            for place in enclosing(scope):
                known = self._of_instance(place, owner.id, name, depth)
                if known.values or known.why == FROM_MANIFEST:
                    return known
            imported = self._module.imports.get(owner.id)
            if imported is not None:
                return self._of_import(imported, name, depth)
        return self._of_option(node, name, depth)

    def _of_import(self, imported: Import, name: str, depth: int) -> Known:
        """`module.NAME`, or a field of an object that another module holds."""
        if imported.name is None:
            return self._imported(Import(imported.module, name), depth)
        joint = "" if imported.module.endswith(".") else "."
        if self._others(f"{imported.module}{joint}{imported.name}") is not None:
            return self._imported(Import(f"{imported.module}{joint}{imported.name}", name), depth)
        other = self._others(imported.module)
        if other is None:
            return Known((), f"`{imported.name}` comes from {imported.module}, which is not in the repository")
        inside = Values(other, _nobody)
        inside._steps = self._steps
        if imported.name in other.classes:
            return inside._of_class(imported.name, name, depth)
        return inside._of_instance(other.scope, imported.name, name, depth)

    def _of_instance(self, scope: Scope, owner: str, name: str, depth: int) -> Known:
        """The field of an object that is made from a class of the file, or the value under a key of a mapping."""
        found = []
        for binding in scope.bindings.get(owner, ()):
            value = binding.value
            if isinstance(value, ast.Call) and last_name(value.func) == "pin":
                return Known((), FROM_MANIFEST)
            if isinstance(value, ast.Call):
                found += [self._of(one.value, scope, depth) for one in value.keywords if one.arg == name]
                if not found and last_name(value.func) in self._module.classes:
                    found.append(self._of_class(last_name(value.func), name, depth))
        annotated = scope.parameters.get(owner, "") if isinstance(scope.node, ast.FunctionDef) else ""
        if annotated != "" and isinstance(scope.node, ast.FunctionDef):
            found += [self._of_class(kind, name, depth) for kind in _annotations(scope.node, owner)]
        return any_of(found) if found else Known((), f"`{owner}.{name}` is worked out while the program runs")

    def _of_class(self, class_: str, name: str, depth: int) -> Known:
        found = []
        for binding, scope in self._module.attributes.get((class_, name), ()):
            found.append(self._bound(binding, scope, depth))
        inner = self._module.class_scopes.get(class_)
        if inner is not None:
            found += [self._of(binding.value, inner, depth) for binding in inner.bindings.get(name, ())]
            found += self._of_property(inner, name, depth)
        known = [one for one in found if one.values]
        if known:
            return any_of(known)
        return found[0] if found else Known((), f"nothing in the file gives `{name}` of {class_} a value")

    def _of_property(self, inner: Scope, name: str, depth: int) -> list[Known]:
        """What a property of that name returns."""
        body = inner.node.body if isinstance(inner.node, ast.ClassDef) else []
        methods = [one for one in body if isinstance(one, ast.FunctionDef) and one.name == name]
        own = [one for one in methods if any(last_name(two).endswith("property") for two in one.decorator_list)]
        within = inner.node if isinstance(inner.node, ast.ClassDef) else None
        return [
            self._of(one.value, Scope(method, self._module.scope, within), depth)
            for method in own
            for one in ast.walk(method)
            if isinstance(one, ast.Return) and one.value is not None
        ]

    def _of_option(self, node: ast.expr, name: str, depth: int) -> Known:
        """A command-line option of that name, or a field of that name in the one class that has it."""
        options = [self._option(call, depth) for call in self._module.arguments.get(name, ())]
        if options:
            return any_of(options)
        owners = [one for one, scope in self._module.class_scopes.items() if name in scope.bindings]
        if len(owners) == 1:
            return self._of_class(owners[0], name, depth)
        if (known := self._of_imported_class(name, depth)).values:
            return known
        return Known((), f"`{ast.unparse(node)[:60]}` is worked out while the program runs")

    def _of_imported_class(self, name: str, depth: int) -> Known:
        """The field of that name in the one class of an imported module that has it: `self.config.EMBEDDING_MODEL`."""
        found = {}
        for imported in self._module.imports.values():
            for module in (imported.module, f"{imported.module}.{imported.name}" if imported.name else ""):
                other = self._others(module) if module else None
                for one, scope in other.class_scopes.items() if other else ():
                    if name in scope.bindings:
                        found[id(scope)] = (other, one)
        if len(found) != 1:
            return Known(())
        other, one = next(iter(found.values()))
        assert other is not None  # it has the class
        inside = Values(other, _nobody)
        inside._steps = self._steps
        return inside._of_class(one, name, depth)

    def _option(self, call: ast.Call, depth: int) -> Known:
        flag = next((str(one.value) for one in call.args if isinstance(one, ast.Constant)), "an option")
        for keyword in call.keywords:
            if keyword.arg == "default":
                return self._of(keyword.value, self._module.scope, depth)
        return Known((), f"the command line hands it over as {flag}")

    def _item(self, node: ast.Subscript, scope: Scope, depth: int) -> Known:
        if _is_environment(node.value):
            return Known((), f"the environment hands it over as {ast.unparse(node.slice)[:60]}")
        inner = self._inside(node, scope, depth)
        if not inner:
            return Known((), f"`{ast.unparse(node)[:60]}` is worked out while the program runs")
        return any_of(self._of(value, place, depth) for value, place in inner)

    def _call(self, node: ast.Call, scope: Scope, depth: int) -> Known:
        name, arguments = last_name(node.func), node.args
        if name in ("getenv", "get") and (name == "getenv" or _is_environment(getattr(node.func, "value", node))):
            return self._default_of(node, f"the environment hands it over as {_shown(arguments)}", scope, depth)
        if name == "get" and isinstance(node.func, ast.Attribute) and arguments:
            tables = self._tables(node.func.value, scope, depth)
            inner = [
                (value, place) for table, place in tables for value in self._under(table, arguments[0], scope, depth)
            ]
            if inner:
                return any_of(self._of(value, place, depth) for value, place in inner)
            return self._default_of(node, f"a configuration hands it over as {_shown(arguments)}", scope, depth)
        if name == "getattr":
            return self._of(arguments[2], scope, depth) if len(arguments) > 2 else Known((), "it is looked up by name")
        if name in ("config", "env", "str_env", "pop", "setdefault") and len(arguments) > 1:
            return self._of(arguments[1], scope, depth)
        if name in ("str", "Path", "strip", "lower", "rstrip", "resolve", "as_posix", "expanduser", "cast"):
            own = arguments[-1] if arguments and isinstance(node.func, ast.Name) else getattr(node.func, "value", None)
            return self._of(own, scope, depth) if isinstance(own, ast.expr) else Known((), "no text")
        if name in _CHOICES:
            asked = next((one.value for one in node.keywords if one.arg in ("options", "value")), None)
            asked = asked if asked is not None else arguments[1] if len(arguments) > 1 else None
            return self._of(asked, scope, depth) if asked is not None else Known((), "whoever uses the form chooses it")
        if name in ("field", "Field", "Option", "Argument", "Query", "Param", "Body"):
            return self._field(node, scope, depth)
        if name == "join" and len(arguments) > 1:
            return Known((), "it is a path that the program puts together")
        return self._returned(node, name, depth)

    def _field(self, node: ast.Call, scope: Scope, depth: int) -> Known:
        for keyword in node.keywords:
            if keyword.arg == "default":
                return self._of(keyword.value, scope, depth)
        return self._of(node.args[0], scope, depth) if node.args else Known((), "the field has no default")

    def _default_of(self, node: ast.Call, why: str, scope: Scope, depth: int) -> Known:
        default = node.args[1] if len(node.args) > 1 else None
        default = next((one.value for one in node.keywords if one.arg == "default"), default)
        if default is None:
            return Known((), why)
        known = self._of(default, scope, depth)
        return known if any(known.values) else Known((), why)

    def _returned(self, node: ast.Call, name: str, depth: int) -> Known:
        """What a function of the file returns, where it is one expression."""
        functions = self._module.functions.get(name, [])
        if len(functions) != 1 or self._module.imports.get(name):
            return Known((), f"`{ast.unparse(node.func)[:60]}` works it out while the program runs")
        found = []
        for inner in ast.walk(functions[0]):
            if isinstance(inner, ast.Return) and inner.value is not None:
                scope = Scope(functions[0], self._module.scope, None)
                found.append(self._of(inner.value, scope, depth))
        return any_of(found) if found else Known((), f"`{name}` returns nothing")


def _nobody(name: str) -> Module | None:
    """Modules are followed one step: a name that a second module imports again is not."""
    return None


def _is_environment(node: ast.expr) -> bool:
    return last_name(node) == "environ"


def _shown(arguments: list[ast.expr]) -> str:
    return ast.unparse(arguments[0])[:60] if arguments else "?"


def _annotations(function: ast.FunctionDef, parameter: str) -> list[str]:
    return [
        last_name(one.annotation)
        for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        if one.arg == parameter and one.annotation is not None
    ]


_HANDLERS: dict[type, Callable[..., Known]] = {
    ast.Constant: Values._constant,
    ast.JoinedStr: Values._joined,
    ast.BinOp: Values._sum,
    ast.IfExp: Values._either,
    ast.BoolOp: Values._or,
    ast.NamedExpr: Values._walrus,
    ast.Await: Values._awaited,
    ast.Starred: Values._awaited,
    ast.List: Values._listed,
    ast.Tuple: Values._listed,
    ast.Set: Values._listed,
    ast.Dict: Values._table,
    ast.Name: Values._name,
    ast.Attribute: Values._attribute,
    ast.Subscript: Values._item,
    ast.Call: Values._call,
}
