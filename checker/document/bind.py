"""Binds a located tree to a typed model and tells everything that is wrong with it, in our words and with places."""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError, core_schema

from checker.document.errors import InputError, Problem, shown
from checker.document.nearest import did_you_mean, only_slip
from checker.document.place import NOWHERE, Place
from checker.document.scalars import belongs, one_of, quoted
from checker.document.tree import Entry, Mapping, Node, Scalar, Sequence

ModelT = TypeVar("ModelT", bound=BaseModel)

MAX_PROBLEMS = 100
"""The problems of one file that are told; the last one says how many more there are."""


class Block(BaseModel):
    """A mapping of a file with known keys, and where it stands."""

    # Building a validator costs about a millisecond, so it is built by whoever first needs it.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    _at: Place = PrivateAttr(default_factory=lambda: NOWHERE)  # a default would be copied for every block

    @property
    def at(self) -> Place:
        """The place of the block: its first key, or the brace that opens it."""
        return self._at

    @model_validator(mode="wrap")
    @classmethod
    def _keep_place(cls, value: Any, read: Callable[[Any], Any]) -> Any:
        if type(value) is not _Keys:
            return read(value)
        value.model = cls
        block = read(value)
        block._at = value.node.at
        return block


class Later:
    """Marks a block whose model is imported and built by the first file that has such a block."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def model(self) -> type[BaseModel]:
        """The block's model."""
        model: type[BaseModel] = getattr(import_module(self._module), self._name)
        if not model.__pydantic_complete__:
            _build(model)
        return model

    def read(self, node: Any) -> BaseModel:
        """The block; pydantic adds its errors to those of the block around it."""
        return self.model().model_validate(node)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Tell pydantic to ask again when there is something to read."""
        return core_schema.no_info_plain_validator_function(self.read)


def refuse(*problems: Problem) -> PydanticCustomError:
    """What a model's own validator raises where keys contradict each other; `bind` reports it with the rest."""
    return PydanticCustomError("problems", "contradiction", {"problems": problems})


def bind(node: Node, model: type[ModelT], *, path: str = "", also_known: Iterable[str] = ()) -> ModelT:
    """The tree as a `model`. `path` leads to the node in its file; `also_known` are keys that were taken out before.

    Raises:
        InputError: everything that is wrong with it, in the order of the file.
    """
    located = _located(node)
    try:
        if not model.__pydantic_complete__:
            _build(model)
        return model.model_validate(located)
    except ValidationError as error:
        problems = _problems(error, located, node, model, path, tuple(also_known))
    raise InputError(problems)


def _build(model: type[BaseModel]) -> None:
    """Build the validator of a model, without pydantic's search for plugins.

    Before its first validator pydantic reads the metadata of every installed package; the modules for that and the
    search take as long as all our models together. Whoever else uses pydantic in this process finds it untouched.
    """
    if _PLUGINS in sys.modules:
        model.model_rebuild()
        return
    without = ModuleType(_PLUGINS)
    setattr(without, "get_plugins", tuple)  # noqa: B010 - a module has no such attribute to mypy
    sys.modules[_PLUGINS] = without
    try:
        model.model_rebuild()
    finally:
        del sys.modules[_PLUGINS]


_PLUGINS = "pydantic.plugin._loader"


class _Keys(dict[str, Any]):
    """A mapping as pydantic takes it."""

    __slots__ = ("model", "node")

    def __init__(self, node: Mapping) -> None:
        super().__init__((key, _located(entry.value)) for key, entry in node.items.items())
        self.node = node
        self.model: type[BaseModel] | None = None

    @property
    def at(self) -> Place:
        return self.node.at


class _Items(list[Any]):
    """A list as pydantic takes it."""

    __slots__ = ("node",)

    def __init__(self, node: Sequence) -> None:
        super().__init__(map(_located, node.items))
        self.node = node

    @property
    def at(self) -> Place:
        return self.node.at


def _located(node: Node) -> Any:
    if type(node) is Scalar:
        return node
    return _Keys(node) if type(node) is Mapping else _Items(node)  # type: ignore[arg-type]


def _problems(
    error: ValidationError,
    located: Any,
    node: Node,
    model: type[BaseModel],
    path: str,
    also_known: tuple[str, ...],
) -> tuple[Problem, ...]:
    if isinstance(located, _Keys) and located.model is None:
        located.model = model
    details = error.errors(include_url=False)
    problems: list[Problem] = []
    for detail in details[:MAX_PROBLEMS]:
        found = detail.get("ctx", {}).get("problems")
        problems += found if found else (_Detail(detail, located, path, also_known).problem(),)
    problems.sort(key=lambda problem: (problem.at or NOWHERE)[1:3])
    if len(details) > MAX_PROBLEMS:
        problems.append(Problem(f"{len(details) - MAX_PROBLEMS} more problems", at=node.at))
    return tuple(problems)


class _Detail:
    """One error of pydantic, and the way from the root to the node that it is about."""

    def __init__(self, detail: Any, root: Any, path: str, also_known: tuple[str, ...]) -> None:
        self.type: str = detail["type"]
        self.context: dict[str, Any] = detail.get("ctx", {})
        self.at: Place = root.at
        self.node: Any = root
        self.parent: Any = None
        self.path = path
        self.parent_path = path
        self.key = ""
        self.is_key = False
        self.also_known = also_known if len(detail["loc"]) == 1 else ()
        for step in detail["loc"]:
            self._descend(step)

    def _descend(self, step: int | str) -> None:
        if isinstance(step, int):
            if isinstance(self.node, _Items):  # otherwise it is the one value of a list without brackets
                self.path += f"[{step}]"
                self.node = self.node[step]
                self.at = self.node.at
        elif step == "[key]" and not (isinstance(self.node, _Keys) and step in self.node):
            self.is_key = True
            self.at = self.parent.node.items[self.key].key_at
            self.node = Scalar(self.key, True, self.at)
        else:
            self.parent, self.parent_path, self.key = self.node, self.path, step
            self.path = f"{self.path}.{shown(step)}" if self.path else shown(step)
            entry: Entry | None = self.node.node.items.get(step)
            if entry is not None:
                self.node = self.node[step]
                self.at = entry.key_at if self.type == "extra_forbidden" else self.node.at

    def problem(self) -> Problem:
        if self.type == "extra_forbidden":
            return self._unknown_key()
        if self.type == "missing":
            return self._missing_key()
        if self.type == "wrong_value":
            sentence = f"{self._name} {self.context['found']}"
            return Problem(
                sentence,
                expected=self.context["expected"],
                hint=self.context["hint"],
                at=self.at,
                instead=self.context["instead"],
            )
        expected = _EXPECTED.get(self.type)
        if expected is None:
            raise TypeError(f"{self.path}: no wording for {self.type}")  # a mistake in a model of ours
        return Problem(f"{self._name} {self._found}", expected=expected.format_map(self.context), at=self.at)

    @property
    def _name(self) -> str:
        if self.is_key:
            return f"a key of `{self.path.removesuffix(shown(self.key)).rstrip('.')}`"
        return f"`{self.path}`" if self.path else "the file"

    @property
    def _found(self) -> str:
        if isinstance(self.node, Scalar):
            return "has no value" if self.node.empty else f"is {quoted(self.node)}"
        if not self.node:
            return "is empty"
        return "is a mapping" if isinstance(self.node, _Keys) else "is a list"

    def _missing_key(self) -> Problem:
        sentence = f"the key `{self.key}` is missing{_within(self.parent_path)}"
        field = _field(self.parent.model, self.key)
        if field is None:
            return Problem(sentence, at=self.at)
        example = f"`{self.key}: {field.examples[0]}`" if field.examples else ""
        return Problem(sentence, expected=example or belongs(field.annotation, field.metadata), at=self.at)

    def _unknown_key(self) -> Problem:
        known = (*self.also_known, *_known_keys(self.parent.model))
        hint = did_you_mean(self.key, known) if len(self.key) <= 60 else ""
        sentence = f"unknown key `{shown(self.key)}`{_within(self.parent_path)}"
        free = [name for name in known if name not in self.parent]
        return Problem(
            sentence,
            expected=one_of(known, hint) if known else "",
            hint=hint,
            at=self.at,
            instead=only_slip(self.key, free),
        )


def _within(path: str) -> str:
    return f" in {path}" if path else ""


def _field(model: type[BaseModel] | None, key: str) -> FieldInfo | None:
    fields = model.model_fields.items() if model else ()
    return next((field for name, field in fields if key in (name, field.alias)), None)


def _known_keys(model: type[BaseModel] | None) -> tuple[str, ...]:
    fields = model.model_fields.items() if model else ()
    return tuple(field.alias or name for name, field in fields)


_EXPECTED = {
    "greater_than_equal": "at least {ge}",
    "greater_than": "more than {gt}",
    "less_than_equal": "at most {le}",
    "less_than": "less than {lt}",
    "string_pattern_mismatch": "a text of the form {pattern}",
    "string_too_short": "at least {min_length} characters",
    "string_too_long": "at most {max_length} characters",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
    "model_type": "a mapping (`key: value` lines)",
    "model_attributes_type": "a mapping (`key: value` lines)",
    "dict_type": "a mapping (`key: value` lines)",
    "list_type": "a list (`- …` lines, or brackets)",
    "tuple_type": "a list (`- …` lines, or brackets)",
    "frozen_set_type": "a list (`- …` lines, or brackets)",
}
