"""One case made ready to be judged by any policy: its manifest bound, its facts gathered, its waivers read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from checker.compared import Compared, compare
from checker.document.bind import bind
from checker.document.errors import InputError, Problem, shown
from checker.document.inside import leads_out
from checker.document.place import At, Place, SourceFile
from checker.document.read import read
from checker.document.tree import Entry, Mapping, Node, Scalar, Sequence
from checker.facts.catalogue import Catalogue
from checker.facts.dossier import Dossier
from checker.facts.locked.entry import LockEntry
from checker.facts.locked.lock import Lock, lock_of
from checker.facts.locked.lookup import Locks
from checker.facts.locked.shape import Odd, read_record
from checker.gather import gather
from checker.manifest.load import load
from checker.manifest.model import Manifest
from checker.policy_tests.file import Case
from checker.policy_tests.known import CaseCatalogue, stated_by
from checker.rulebook.discover import judges_scans
from checker.rulebook.documentation import plain_value
from checker.rulebook.organisation import Organisation
from checker.value import NamedTuple
from checker.vocabulary import unknown_names
from checker.waivers.file import Ledger, Recorded, Waiver

_USUAL = {
    "commit": "5617a9f61b028005a4858fdac845db406aefb181",
    "resolved_at": "2026-11-20T09:00:00Z",
    "resolved_from": "https://huggingface.co",
}
"""What an entry of a lock says where the case leaves it out: any commit, and a day of its own."""


class Prepared(NamedTuple):
    """One case, ready for any policy."""

    case: Case
    source: SourceFile
    """The file that states it."""
    today: date
    organisation: Organisation | None
    """Facts about the licensee in place of the policy's; None where the policy's count."""
    manifest: Manifest | None
    """None for a case that asks for levels alone."""
    dossiers: tuple[Dossier, ...]
    compared: Compared | None
    """The code of the case; None where it is not about code."""
    undeclared: tuple[Dossier, ...]
    ledger: Ledger | None
    before: Ledger | None
    """The waivers before the change; None where no change is judged."""
    layer: Node | None
    """What a policy that extends the tested one adds."""
    temporary: str
    """The folder that held the files of the case while it was made ready: no sentence may name it."""

    @property
    def source_folder(self) -> Path:
        """The folder of the file that states it."""
        return Path(self.source.name).parent


class Situation(NamedTuple):
    """What all cases of a file share."""

    source: SourceFile
    folder: Path
    """The folder of the file, to which paths in it are relative."""
    today: date
    organisation: Organisation | None
    facts: tuple[Any, ...]
    """The locks that the policy names under `facts:`."""
    catalogue: Catalogue


def prepare(case: Case, situation: Situation) -> Prepared:
    """Make a case ready.

    Raises:
        InputError: its manifest, a file that this names, or its lock cannot be used.
    """
    with _folder(case, situation.folder) as folder:
        manifest = _manifest(case, situation)
        catalogue = _catalogue(case, manifest, situation.catalogue)
        lock = _lock(case, manifest)
        locks = Locks(lock, situation.facts) if lock or situation.facts else None
        dossiers = _dossiers(manifest, folder, catalogue, locks)
        compared = None
        if manifest is not None and any(judges_scans(rule) for rule in case.expect):
            compared = compare(folder / "model.yaml", manifest, catalogue)
        undeclared = _dossiers(compared.undeclared if compared else None, folder, catalogue, locks)
    return Prepared(
        case=case,
        source=situation.source,
        today=case.today.value if case.today else situation.today,
        organisation=case.organisation or situation.organisation,
        manifest=manifest,
        dossiers=dossiers,
        compared=compared,
        undeclared=undeclared,
        ledger=_ledger(case.waivers, situation.source) if case.waivers or case.waivers_before is not None else None,
        before=_ledger(case.waivers_before, situation.source) if case.waivers_before is not None else None,
        layer=case.layer.node if case.layer is not None else None,
        temporary=folder.as_posix() if case.files else "",
    )


class _folder:
    """The folder in which the manifest of a case lies: that of the file, or one that holds the files of the case."""

    def __init__(self, case: Case, beside: Path) -> None:
        self._files = dict(case.files)
        self._at = case.name.at
        self._beside = beside
        self._temporary: TemporaryDirectory[str] | None = None

    def __enter__(self) -> Path:
        if not self._files:
            return self._beside
        self._refuse_other_spellings()
        self._temporary = TemporaryDirectory(prefix="weighbridge-")
        folder = Path(self._temporary.name)
        for name, text in self._files.items():
            try:
                if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name:
                    raise ValueError(name)
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8")
            except (OSError, ValueError) as error:  # beside: a name that no system has, a file that is a folder too
                self.__exit__()
                expected = "a relative path below the case that a file can have"
                raise InputError.one(f"`files` names `{shown(name)}`", expected=expected, at=self._at) from error
        return folder

    def _refuse_other_spellings(self) -> None:
        """A file has one name here, so that two names are two files, and a finding names it as the case does."""
        for name in self._files:
            plain = PurePosixPath(name).as_posix()
            if plain != name:
                expected = "a relative path with one `/` between names, and no `.` among them"
                hint = f"did you mean `{shown(plain)}`?" if plain != "." else ""
                raise InputError.one(f"`files` names `{shown(name)}`", expected=expected, hint=hint, at=self._at)

    def __exit__(self, *_: object) -> None:
        if self._temporary is not None:
            self._temporary.cleanup()


def _manifest(case: Case, situation: Situation) -> Manifest | None:
    if case.manifest is None and case.model is None:
        return None
    node = _node(case.manifest if case.manifest is not None else case.model)
    if case.manifest is not None and isinstance(node, Scalar):
        path = _inside(node, situation.folder)
        return load(read(path, path.as_posix()), unknown_names=unknown_names)
    return _bound(node if case.manifest is not None else _of_entry(node))


def _node(value: Any) -> Node:
    """The node that a value of no certain type stands for."""
    node: Node = value if isinstance(value, Scalar) else value.node
    return node


def _of_entry(node: Node) -> Mapping:
    """The manifest with one entry: a model's id alone, or one item of `models`."""
    at = node.at
    entry = node if isinstance(node, Mapping) else Mapping({"model": Entry(at, node)}, at)
    if "objective" not in entry.items:
        entry = entry._replace(items={**entry.items, "objective": Entry(at, Scalar("chat", True, at))})
    return Mapping({"models": Entry(at, Sequence([entry], at))}, at)


def _bound(node: Node) -> Manifest:
    """A manifest that the file of cases holds; what every manifest says the same of may be left out."""
    if isinstance(node, Mapping):
        at = node.at
        usual = {name: Entry(at, Scalar(text, True, at)) for name, text in (("weighbridge", "1"), ("owner", "case"))}
        node = node._replace(items={**usual, **node.items})
    problems = list(unknown_names(node))
    try:
        manifest = bind(node, Manifest, path="manifest")
    except InputError as error:
        raise InputError((*error.problems, *problems)) from error
    if not manifest.models:
        problems.append(Problem("the manifest holds no model", expected="`models` with at least one", at=node.at))
    if problems:
        raise InputError(tuple(problems))
    return manifest


def _inside(written: Scalar, folder: Path) -> Path:
    path = folder / written.text
    if leads_out(path, folder):
        raise InputError.one(
            f"`{written.text}` leads out of the folder of the cases", expected="a file in it or below it", at=written.at
        )
    return path


def _catalogue(case: Case, manifest: Manifest | None, shipped: Catalogue) -> Catalogue:
    if not case.facts:
        return shipped
    entries = manifest.models if manifest else ()
    return CaseCatalogue(shipped, stated_by(case.facts, entries[0].model.value if len(entries) == 1 else None))


def _dossiers(
    manifest: Manifest | None, folder: Path, catalogue: Catalogue, locks: Locks | None
) -> tuple[Dossier, ...]:
    entries = manifest.models if manifest else ()
    return tuple(gather(entry, folder, folder, catalogue, locks) for entry in entries)


def _lock(case: Case, manifest: Manifest | None) -> Lock | None:
    """The lock beside the manifest, from the keys that the case writes."""
    if case.lock is None:
        return None
    entries = manifest.models if manifest else ()
    only = entries[0] if len(entries) == 1 else None
    usual = dict(_USUAL)
    if only is not None:
        usual |= {"model": only.model.value} | ({"revision": only.revision.value} if only.revision else {})
    node = _node(case.lock)
    items = node.items if isinstance(node, Sequence) else [node]
    return lock_of([_locked(item, usual) for item in items])


def _locked(node: Node, usual: dict[str, str]) -> LockEntry:
    odd: list[Odd] = []
    stated = plain_value(node)
    entry = read_record(LockEntry, {**usual, **stated} if isinstance(stated, dict) else stated, odd)
    if odd:
        raise InputError(tuple(_odd(one, node) for one in odd))
    return entry


def _odd(one: Odd, node: Node) -> Problem:
    """What is not as in a lock, at the nearest key of the case around it."""
    at: Place = node.at
    for step in one.path:
        if isinstance(node, Mapping) and step in node.items:
            entry = node.items[str(step)]
            at, node = (entry.key_at if one.of_key else entry.value.at), entry.value
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
            at = node.at
    return Problem(f"`lock`: {one.sentence}", expected=one.expected, hint=one.hint, at=at)


def _ledger(waivers: Iterable[Waiver], source: SourceFile) -> Ledger:
    """The waivers of a case as their file would hold them."""
    entries = tuple(_recorded(waivers))
    generated = sum(one.generated > 0 for one in entries)
    return Ledger(source, At(generated, entries[0].waiver.id.at) if generated else None, entries)


def _recorded(waivers: Iterable[Waiver]) -> Iterator[Recorded]:
    generated = 0
    for waiver in waivers:
        generated += waiver.is_generated
        line = waiver.id.at.line
        yield Recorded(waiver, generated if waiver.is_generated else 0, line, line)
