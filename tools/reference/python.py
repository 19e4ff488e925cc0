"""The page of the Python API, made from the docstrings of the public names."""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Callable, Iterator

import checker
from checker.document.schema import attribute_docstrings
from tools.reference.markdown import cell, code, table

HEAD = """\
# Python

```python
from checker import InputError, check

try:
    report = check("services/bot", policy="acme/policy.yaml")
except InputError as error:  # a file cannot be used, or nothing was found: code 2 of the command
    raise SystemExit(str(error))
if not report.ok:  # code 1 or 3
    raise SystemExit(report.as_text())
```

**What is stable.** The names on this page, which are `checker.__all__`, are public: a release that takes one away,
renames a field or narrows a type says so in the changelog. Fields and keyword arguments may be added, so read fields by
name. Every other module, name and type under `checker` is private and may change with any release. The package carries
its types (`py.typed`).

**What it does not do.** It prints nothing, ends no process, opens no socket, writes no file and reads no environment
variable. It reads manifests and the files beside them, and asks git who wrote a waiver where the policy admits waivers.
Runs in several threads take turns.

**How it fails.** Closed: there is no report where anything that was read cannot be used. A report cannot be taken for a
truth value, so that `if report:` is a `TypeError` and not a gate that is always open.

"""


def page() -> str:
    """The page: functions first, then what they return, then the rest."""
    names = [name for name in checker.__all__ if name != "__version__"]
    ordered = sorted(names, key=lambda name: (not inspect.isfunction(getattr(checker, name)), name != "Report"))
    version = "## \\_\\_version\\_\\_\n\nThe version of Weighbridge, as text.\n"
    return HEAD + "\n".join(_section(name, getattr(checker, name)) for name in ordered) + f"\n{version}"


def _section(name: str, held: Callable[..., object]) -> str:
    said, examples = _parted(inspect.getdoc(held) or "")
    parts = [f"## {name}\n"]
    if inspect.isfunction(held):
        parts.append(f"```python\n{_signature(name, held)}\n```\n")
    parts.append(f"{said}\n")
    if isinstance(held, type) and (rows := list(_members(held))):
        parts.append(table(("member", "type", "meaning"), rows))
    parts.append(f"```pycon\n{examples}\n```\n")
    return "\n".join(parts)


def _parted(docstring: str) -> tuple[str, str]:
    """The words of a docstring as Markdown, and its example."""
    before, _, rest = docstring.partition("\nExample:\n")
    block = re.match(r"(?:    .*\n?|\n)*", rest)
    example = block[0] if block else ""
    words = before + rest[len(example) :]
    return "\n".join(_words(words)).strip(), inspect.cleandoc(example)


def _words(text: str) -> Iterator[str]:
    in_list = False
    for line in text.splitlines():
        section = re.fullmatch(r"(Args|Raises):", line)
        item = re.fullmatch(r"    (\w+): (.*)", line) if in_list else None
        if section:
            in_list = True
            yield f"\n**{'Arguments' if section[1] == 'Args' else 'Raises'}**\n"
        elif item:
            yield f"- `{item[1]}`: {item[2]}"
        elif in_list and line.startswith("        "):
            yield f"  {line.strip()}"
        else:
            in_list = in_list and not line.strip()
            yield line


def _signature(name: str, function: Callable[..., object]) -> str:
    signature = inspect.signature(function)
    lines = []
    keyword = False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword:
            keyword = True
            lines.append("    *,")
        default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        lines.append(f"    {parameter.name}: {_plain(parameter.annotation)}{default},")
    return f"{name}(\n" + "\n".join(lines) + f"\n) -> {_plain(signature.return_annotation)}"


def _plain(annotation: object) -> str:
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"\b(?:\w+\.)+(?=[A-Z])", "", text).replace("PathLike", "str | PathLike[str]")


def _members(held: type) -> Iterator[tuple[str, str, str]]:
    meanings = attribute_docstrings(held)
    if issubclass(held, enum.Enum):
        yield from ((code(one.name), code(repr(one.value)), meanings.get(one.name, "")) for one in held)
    fields = inspect.get_annotations(held)
    for name, kind in fields.items():
        if not name.startswith("_"):
            yield code(name), code(_plain(kind)), meanings.get(name, "")
    for name, member in vars(held).items():
        if name.startswith("_") or name in fields:
            continue
        if isinstance(member, property) and member.fget is not None:
            kind = inspect.get_annotations(member.fget)["return"]
            yield code(name), code(_plain(kind)), cell(inspect.getdoc(member) or "")
        elif inspect.isfunction(member):
            kind = inspect.signature(member).return_annotation
            yield code(f"{name}()"), code(_plain(kind)), cell(inspect.getdoc(member) or "")
