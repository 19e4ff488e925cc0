"""Puts other texts into a typed value wherever it holds one, whatever it is made of, and the same text for the same."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel

from checker.licenses.license import License
from checker.rulebook.discover import rule_ids

OURS = frozenset(
    (
        *(
            "sha256",
            "catalogue_sha256",
            "tool_version",
            "policy_sha256",
            "project_sha256",
            "facts_sha256",
            "lock_sha256",
        ),
        *(
            "rule",
            "settled_by",
            "enforcement",
            "verdict",
            "origin",
            "certainty",
            "fingerprint",
            "commit",
            "kind",
            "setting",
            "expression",
            "controls",
        ),
    )
)
"""Fields whose texts are made here, or held to a form before they get anywhere: digests, ids of rules, words of lists,
licences as SPDX writes them."""


class Texts:
    """A value, and which texts stand where in it."""

    def __init__(self, value: Any, also_ours: frozenset[str] = frozenset()) -> None:
        self.value = value
        self._ours = OURS | also_ours
        self._in: dict[int, frozenset[str]] = {}
        self._kept: list[Any] = []
        self.all = tuple(sorted(one for one in self._look(value, set()) if one and one not in rule_ids()))

    def replaced(self, texts: Mapping[str, str]) -> Any:
        """The value with these texts in the place of others."""
        return self._made(self.value, texts, texts.keys())

    def _look(self, value: Any, above: set[int]) -> frozenset[str]:
        if type(value) is str:
            return frozenset((value,))
        if isinstance(value, (License, Enum, bytes, int, float)) or value is None or id(value) in above:
            return frozenset()
        if id(value) not in self._in:
            inside = [self._look(one, above | {id(value)}) for _, one in self._parts(value)]
            self._in[id(value)] = frozenset().union(*inside)
            self._kept.append(value)  # so that its id stays its own
        return self._in[id(value)]

    def _parts(self, value: Any) -> list[tuple[Any, Any]]:
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return [(name, one) for name, one in zip(value._fields, value, strict=True) if name not in self._ours]
        if isinstance(value, BaseModel):
            return [(name, getattr(value, name)) for name in type(value).model_fields if name not in self._ours]
        if isinstance(value, Mapping):
            return [(key, part) for key, one in value.items() if key not in self._ours for part in (key, one)]
        if isinstance(value, (tuple, list, frozenset, set)):
            return list(enumerate(value))
        return []

    def _made(self, value: Any, texts: Mapping[str, str], wanted: Any) -> Any:
        if type(value) is str:
            return texts.get(value, value)
        if self._in.get(id(value), frozenset()).isdisjoint(wanted):
            return value
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            parts = (
                one if name in self._ours else self._made(one, texts, wanted)
                for name, one in zip(value._fields, value, strict=True)
            )
            return type(value)(*parts)
        if isinstance(value, BaseModel):
            made = {name: self._made(one, texts, wanted) for name, one in self._parts(value)}
            copy = value.model_copy()
            for name, one in made.items():
                copy.__dict__[name] = (
                    one  # as the model was built, without its checks: what passes them is not known here
                )
            return copy
        if isinstance(value, Mapping):
            return {
                key if key in self._ours else self._made(key, texts, wanted): one
                if key in self._ours
                else self._made(one, texts, wanted)
                for key, one in value.items()
            }
        return type(value)(self._made(one, texts, wanted) for one in value)
