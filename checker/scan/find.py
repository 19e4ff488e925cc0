"""Scans a folder: every file of a kind that can name a model is read by its reader, and a failure stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from checker.document.errors import InputError
from checker.document.place import Place, SourceFile
from checker.document.read import from_text, read_bytes
from checker.document.tree import Scalar
from checker.facts.catalogue import Catalogue
from checker.manifest.discover import says_weighbridge
from checker.scan import large, name, python, settings, shell, words
from checker.scan.python_scopes import Module
from checker.scan.use import Found, Kind, Option, Pinned, Scan, Unread, Unresolved, Use, together
from checker.scan.walk import Seen, excluded, walk

MAX_BYTES = 1 << 20
"""The largest source file that is read; a larger one is named as unread where it holds a word of its reader."""
MAX_NOTEBOOK_BYTES = 16 << 20
"""Notebooks hold their pictures."""
MAX_SETTINGS_BYTES = 256 << 10
"""The largest YAML that is read. JSON above it is data, whatever it holds."""
_MOST = {"notebook": MAX_NOTEBOOK_BYTES}
"""What readers take where that is not `MAX_BYTES`."""
_BESIDE = ("waivers.yaml", "weighbridge-policy.yaml", "weighbridge-policy.yml")
_DATA = ("package-lock.json", "package.json", "tsconfig.json", "tokenizer.json", "tokenizer_config.json", "vocab.json")
_LOCKS = ("pnpm-lock.yaml", "conda-lock.yml", "conda-lock.yaml")
"""YAML that lists packages, and that is large."""


def scan(root: Path, exclude: tuple[str, ...] = (), catalogue: Catalogue | None = None) -> Scan:
    """The models that the files below `root` use.

    Args:
        root: a folder, or one file.
        exclude: patterns of paths below it that are left out.
        catalogue: the recorded models; a name under a general key counts where it is one of them.

    Raises:
        InputError: there is no such path, no reader takes the file, or it holds too many files.
    """
    seen = walk(root, excluded(exclude))
    files = _Files(root if root.is_dir() else root.parent, seen, catalogue or Catalogue())
    uses: list[Use] = []
    unresolved: list[Unresolved] = []
    pins: list[Pinned] = []
    unread = [Unread(path.as_posix(), f"the folder cannot be listed: {why}") for path, why in seen.unlisted]
    read = 0
    for path, kind in seen.files:
        try:
            found = files.read(path, kind)
        except InputError as error:
            unread.append(Unread(path.as_posix(), _told(error)))
        except SyntaxError as error:
            where = f", line {error.lineno}" if error.lineno else ""
            unread.append(Unread(path.as_posix(), f"Python cannot parse it: {error.msg}{where}"))
        except (RecursionError, MemoryError):
            unread.append(Unread(path.as_posix(), "nested too deeply to parse"))
        except ValueError as error:
            unread.append(Unread(path.as_posix(), f"it cannot be parsed: {error}"))
        else:
            read += 1
            uses += found.uses
            unresolved += found.unresolved
            pins += found.pins
    return Scan(
        root=root.as_posix(),
        files_read=read,
        files_seen=len(seen.files) + seen.others,
        uses=_each_once(uses),
        unresolved=tuple(dict.fromkeys(unresolved)),
        pins=tuple(dict.fromkeys(pins)),
        unread=tuple(unread),
        left_out=tuple(path.as_posix() for path in seen.left_out),
        whole=root.is_dir() and not exclude,
    )


def _told(error: InputError) -> str:
    problem = error.problems[0]
    return f"{f'line {problem.at.line}: ' if problem.at else ''}{problem.sentence}"


def _each_once(uses: list[Use]) -> tuple[Use, ...]:
    """One use a model and place: two readers of one line, or two values of one name, say it once."""
    kept: dict[tuple[str, str, int], Use] = {}
    for use in uses:
        key = (use.model, use.at.file.name, use.at.line)
        other = kept.get(key)
        if other is None or len(use.options) > len(other.options):
            kept[key] = use
    return tuple(kept.values())


class _Files:
    """Reads files, each by its kind; modules that others import are parsed once."""

    def __init__(self, root: Path, seen: Seen, catalogue: Catalogue) -> None:
        self._root = root
        self._catalogue = catalogue
        self._by_name = {path.relative_to(root).as_posix(): path for path, kind in seen.files if kind == "python"}
        self._by_last: dict[str, list[str]] = {}
        for shown in self._by_name:
            self._by_last.setdefault(_dotted(shown).rpartition(".")[2], []).append(shown)
        self._modules: dict[Path, Module | None] = {}
        self._variables: dict[Path, dict[str, str]] = {}
        self._readers: dict[str, Callable[[Path], Found]] = {
            "python": self._python,
            "notebook": self._notebook,
            "yaml": self._yaml,
            "json": self._json,
            "shell": lambda path: shell.read(self._source(path)),
            "powershell": lambda path: shell.read_other(self._source(path)),
            "make": lambda path: shell.read_each(self._makefile(path)),
            "procfile": lambda path: shell.read_each(self._procfile(path)),
            "docker": lambda path: shell.read_dockerfile(self._source(path)),
            "modelfile": lambda path: shell.read_modelfile(self._source(path)),
            "variables": self._variables_file,
            "gguf": self._gguf,
        }

    def read(self, path: Path, kind: str) -> Found:
        if large.is_without(path, words.of(kind), _MOST.get(kind, MAX_BYTES)):
            return Found()
        return _weighed(self._readers[kind](path))

    def _source(self, path: Path, most: int = MAX_BYTES) -> SourceFile:
        shown = path.as_posix()
        return from_text(shown, read_bytes(path, shown, most), most)

    def _python(self, path: Path) -> Found:
        source = self._source(path)
        if not words.PYTHON.are_in(source.text):
            return Found()
        if path not in self._modules or self._modules[path] is None:
            self._modules[path] = python.module_of(source.text)
        return python.read(source, partial(self._module, path), self._modules[path])

    def _notebook(self, path: Path) -> Found:
        from checker.scan import notebook

        return notebook.read(self._source(path, MAX_NOTEBOOK_BYTES), partial(self._module, path))

    def _module(self, importer: Path, dotted: str) -> Module | None:
        """The module of the repository that an import in `importer` leads to, by its path; None for any other."""
        found = self._relative(importer, dotted) if dotted.startswith(".") else self._absolute(importer, dotted)
        if found is None:
            return None
        if found not in self._modules:
            try:
                self._modules[found] = python.module_of(self._source(found).text)
            except (InputError, SyntaxError, ValueError, RecursionError, MemoryError):
                self._modules[found] = None  # it is named as unread where it is read itself
        return self._modules[found]

    def _relative(self, importer: Path, dotted: str) -> Path | None:
        name_ = dotted.lstrip(".")
        folder = importer.parent
        for _ in range(len(dotted) - len(name_) - 1):
            folder = folder.parent
        base = folder / name_.replace(".", "/") if name_ else folder
        for path in (base.with_suffix(".py") if name_ else base / "__init__.py", base / "__init__.py"):
            if path.is_relative_to(self._root) and path.relative_to(self._root).as_posix() in self._by_name:
                return path
        return None

    def _absolute(self, importer: Path, dotted: str) -> Path | None:
        """The one file whose path ends with the dotted name; of several, that nearest to the importer."""
        candidates = [
            shown
            for shown in self._by_last.get(dotted.rpartition(".")[2], ())
            if _dotted(shown) == dotted or _dotted(shown).endswith(f".{dotted}")
        ]
        if not candidates:
            return None
        here = importer.relative_to(self._root).parts
        best = max(candidates, key=lambda shown: (_shared(Path(shown).parts, here), -len(shown)))
        return self._by_name[best]

    def _yaml(self, path: Path) -> Found:
        from checker.scan.plain_yaml import documents

        if path.name.lower() in _LOCKS:
            return Found()
        source = self._source(path)
        if _is_ours(path.name.lower(), source.text) or not words.SETTINGS.are_in(source.text):
            return Found()
        self._refuse_large(source)
        variables = self._beside(path)
        found = [settings.read(one.root, variables, one.templates, self._recorded) for one in documents(source)]
        return together(found)

    def _json(self, path: Path) -> Found:
        from checker.scan import json_tree

        if path.name.lower() in _DATA:
            return Found()
        if path.name == "adapter_config.json":
            from checker.scan import adapter

            source = self._source(path)
            self._refuse_large(source)
            return adapter.read(json_tree.parse(source))
        if large.is_above(path, MAX_NOTEBOOK_BYTES):
            return Found()  # as any above the limit below
        source = self._source(path, MAX_NOTEBOOK_BYTES)
        if len(source.text) > MAX_SETTINGS_BYTES:
            return Found()  # data: records of results and vocabularies, whose names are nobody's configuration
        if not words.SETTINGS.are_in(source.text):
            return Found()
        return settings.read(json_tree.parse(source), self._beside(path), {}, self._recorded)

    def _refuse_large(self, source: SourceFile) -> None:
        if len(source.text) > MAX_SETTINGS_BYTES:
            raise InputError.one("larger than 256 KiB", expected="a smaller file", file=source.name)

    def _recorded(self, model: str) -> bool:
        return self._catalogue.find(model) is not None

    def _beside(self, path: Path) -> dict[str, str]:
        """Variables of `.env` in the folder, and values of the Helm chart around it."""
        folder = path.parent
        if folder not in self._variables:
            found = dict(self._pairs(folder / ".env"))
            for around in (folder, folder.parent, folder.parent.parent):
                if (around / "Chart.yaml").is_file() and around.is_relative_to(self._root):
                    found |= self._helm(around / "values.yaml")
                    break
            self._variables[folder] = found
        return self._variables[folder]

    def _helm(self, path: Path) -> dict[str, str]:
        from checker.scan.plain_yaml import documents

        try:
            return dict(pair for one in documents(self._source(path)) for pair in settings.values_of(one.root))
        except InputError:
            return {}  # named as unread where it is read itself, or not there

    def _pairs(self, path: Path) -> Iterator[tuple[str, str]]:
        if path.is_file() and not path.is_symlink():
            try:
                source = self._source(path)
            except InputError:
                return
            for key, value in _assignments(source):
                yield key, value.text

    def _variables_file(self, path: Path) -> Found:
        return settings.of_variables(_assignments(self._source(path)), self._recorded)

    def _makefile(self, path: Path) -> SourceFile:
        """A Makefile as a script: `$(NAME)` is a variable, and `:=` and `?=` give one its value."""
        import re

        source = self._source(path)
        text = re.sub(r"\$\((\w+)\)", r"${\1}", source.text)
        text = re.sub(r"(?m)^(\w+)[ \t]*[:?]?=(.*)$", lambda one: f'{one[1]}="{one[2].strip()}"', text)
        return SourceFile(source.name, text)

    def _procfile(self, path: Path) -> SourceFile:
        import re

        source = self._source(path)
        return SourceFile(source.name, re.sub(r"(?m)^\w+:", lambda one: " " * len(one.group()), source.text))

    def _gguf(self, path: Path) -> Found:
        shown = path.relative_to(self._root).as_posix()
        at = Place(SourceFile(path.as_posix(), ""), 1, 1)
        stored = name.quantization_of(path.name)
        options = (Option("deployment.quantization", stored, at),) if stored else ()
        return Found((Use(f"./{shown}", None, Kind.FILE, at, options),))


def _weighed(found: Found) -> Found:
    """Commands whose words nobody can know, in a file without any word of a reader: they are said, and no more."""
    lost = next((one for one in found.unresolved if one.is_unread), None)
    if lost is None or words.SCRIPT.are_in(lost.at.file.text):
        return found
    return found._replace(unresolved=tuple(one._replace(is_unread=False) for one in found.unresolved))


def _is_ours(name_: str, text: str) -> bool:
    """Whether it is a manifest, under any name, or stands beside one: what it names is declared there, not used."""
    return name_ in _BESIDE or says_weighbridge(text.encode("utf-8", "replace"))


def _assignments(source: SourceFile) -> Iterator[tuple[str, Scalar]]:
    lines = source.text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        key, separator, value = line.partition("=")
        key = key.removeprefix("export ").strip()
        text = value.split(" #")[0].strip().strip("\"'")
        if separator and key.isidentifier() and text:
            yield key, Scalar(text, True, Place(source, number, line.find(text, len(key)) + 1, len(text)))


def _dotted(shown: str) -> str:
    return shown.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _shared(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
