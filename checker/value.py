"""Named tuples that are cheap to define, for values that travel: to a type checker they are `typing.NamedTuple`.

A check defines more than a hundred such classes each time it starts. `typing.NamedTuple` compiles a constructor for
each from text, which takes a tenth of the whole run; here all classes of one length share compiled code.
"""

import sys
from functools import cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING or sys.version_info >= (3, 14):  # which keeps annotations where only `typing` should look for them
    from typing import NamedTuple
else:
    from collections import _tuplegetter

    @cache
    def _constructor(length: int) -> CodeType:
        """The code of a constructor for that many fields, whatever their names."""
        fields = ", ".join(f"_{index}" for index in range(length))
        trailing = "," if length == 1 else ""
        made = eval(f"lambda _cls, {fields}: _new(_cls, ({fields}{trailing}))")  # noqa: S307 - no text from outside
        return made.__code__

    class _Maker(type):
        """Turns the annotations of a class body into the fields of a tuple."""

        def __new__(cls, name, bases, body):
            fields = tuple(body.get("__annotations__", ()))
            defaults = tuple(body[field] for field in fields if field in body)
            named = {"co_varnames": ("_cls", *fields), "co_name": "__new__", "co_qualname": f"{name}.__new__"}
            code = _constructor(len(fields)).replace(**named)
            body["__new__"] = FunctionType(code, {"_new": tuple.__new__}, "__new__", defaults)
            body["__slots__"] = ()
            body["__match_args__"] = body["_fields"] = fields
            body["_field_defaults"] = dict(zip(fields[len(fields) - len(defaults) :], defaults, strict=True))
            body.update((field, _tuplegetter(index, "")) for index, field in enumerate(fields))
            return super().__new__(cls, name, bases, body)

    class NamedTuple(tuple, metaclass=_Maker):
        """What every named tuple can do; the methods are those of `collections.namedtuple`."""

        def __repr__(self):
            fields = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({fields})"

        def __getnewargs__(self):
            return tuple(self)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _replace(self, /, **changes):
            replaced = tuple.__new__(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise TypeError(f"{type(self).__name__} has no field {', '.join(changes)}")
            return replaced
