"""What starts a program: its words, its options with their reasons and sources, and what else to know."""

from __future__ import annotations

from math import floor
from shlex import quote

from checker.memory.formats import FORMATS
from checker.memory.plan import ServingPlan, Task
from checker.value import NamedTuple

TARGETS = ("vllm", "tgi", "llama.cpp", "tei", "kubernetes")
"""What a start command may be asked for: the servers, and a cluster that runs one of them."""


class Artefact(NamedTuple):
    """What is loaded: a repository at a commit, or a folder."""

    name: str
    revision: str | None
    """The commit; None where nobody names one."""
    pinned_by: str
    """Who names it: `--revision`, the manifest, the lock, or the record that the facts were read at."""
    local: bool
    stored: str
    """How its own files are stored, as far as its name or its publisher says."""


class Case(NamedTuple):
    """What a start command is made from."""

    artefact: Artefact
    plan: ServingPlan
    task: Task
    """What the model is for: generating, embedding or classifying."""
    devices: int
    share: float | None
    """The part of each GPU that the runtime may take, 0 to 1; None where no hardware is named."""
    shared: bool = False
    """Whether other models are on these GPUs."""


class Flag(NamedTuple):
    """One option."""

    name: str
    value: str | None
    """None for one without a value."""
    why: str
    """What of the plan it says."""
    source: str
    """The address of the documentation that names it."""

    @property
    def words(self) -> tuple[str, ...]:
        """As a program is given it."""
        return (self.name,) if self.value is None else (self.name, self.value)


class Launch(NamedTuple):
    """A command, and what goes before it."""

    program: tuple[str, ...]
    """The program, its subcommand, and what is no option."""
    flags: tuple[Flag, ...]
    notes: tuple[str, ...] = ()
    """What the command does not say by itself."""
    before: tuple[tuple[str, ...], ...] = ()
    """Commands that go first, in words."""
    code: bool = False
    """Whether it is a line of Python rather than a command."""

    @property
    def words(self) -> tuple[str, ...]:
        """The program with all its options, unquoted."""
        return (*self.program, *(word for flag in self.flags for word in flag.words))

    @property
    def line(self) -> str:
        """On one line, each word quoted for a POSIX shell."""
        return " ".join(self.program) if self.code else joined(self.words)

    @property
    def lines(self) -> tuple[str, ...]:
        """All commands in order, one a line."""
        return (*(joined(words) for words in self.before), self.line)


def joined(words: tuple[str, ...]) -> str:
    """Words as a POSIX shell reads them back."""
    return " ".join(map(quote, words))


def share_of(headroom: float) -> float:
    """What a runtime may take where `headroom` (0 to 1) stays free, cut to thousandths: never more than is free."""
    return floor(round((1 - headroom) * 1000, 6)) / 1000


def share_text(share: float) -> str:
    """`0.90`, `0.875`: two places, a third where it is needed."""
    text = f"{share:.3f}"
    return text[:-1] if text.endswith("0") else text


def is_commit(revision: str) -> bool:
    """Whether a revision names one commit for ever, as a branch or a tag does not."""
    return len(revision) == _COMMIT and set(revision) <= set("0123456789abcdef")


_COMMIT = 40
"""Hexadecimal digits of a whole commit."""


def pinned(artefact: Artefact, source: str) -> tuple[Flag, ...]:
    """The option that all programs of the Hub have for a commit; none for a folder, or where no commit is known."""
    if artefact.local or artefact.revision is None:
        return ()
    return (Flag("--revision", artefact.revision, f"the revision that is loaded, by {artefact.pinned_by}", source),)


def unpinned(artefact: Artefact) -> tuple[str, ...]:
    """What to say where nothing pins the files."""
    if artefact.local:
        return ("a local folder has no commit: pin it where it comes from",)
    if artefact.revision is None:
        return ("no commit is known, so the newest files are loaded: `--revision` or model.lock pins them",)
    if not is_commit(artefact.revision):
        return (f"`{artefact.revision}` is no commit, and what it names can change",)
    return ()


def unmade(artefact: Artefact, plan: ServingPlan) -> tuple[str, ...]:
    """What to say where the plan's format is one of files that this artefact is not known to hold."""
    stored = FORMATS.get(plan.quantization)
    if stored is None or not stored.of_files or artefact.stored == plan.quantization:
        return ()
    return (
        f"{artefact.name} is not known to hold {plan.quantization} files, and the runtime makes none:"
        " name the quantised copy as the model, or under `deployment.weights`",
    )
