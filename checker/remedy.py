"""What a report says of changes that were judged before they are offered."""

from __future__ import annotations

from enum import StrEnum

from checker.document.place import Place
from checker.value import NamedTuple


class Aspect(StrEnum):
    """What a change costs, in one word."""

    SPEED = "speed"
    LATENCY = "latency"
    QUALITY = "quality"
    MONEY = "money"
    REACH = "reach"
    """What can be asked of the model: longer texts, more requests at once."""
    WORK = "work"
    RISK = "risk"
    NOTHING = "nothing"


class Grounds(StrEnum):
    """What a statement of cost rests on."""

    BY_DEFINITION = "by definition"
    PUBLISHED = "published"
    """A public source says so, which the words name."""
    HEURISTIC = "heuristic"
    """Common experience, measured by nobody for this model."""
    UNKNOWN = "how much is not known here"


class Cost(NamedTuple):
    """One thing that a change costs."""

    aspect: Aspect
    words: str
    grounds: Grounds


class After(NamedTuple):
    """The whole verdict of the file with a change, as the same engine gave it."""

    exit_code: int
    """What `check` of this file alone would end with: 0, 1 or 3."""
    settled: tuple[str, ...]
    """`rule of model` for each evaluation that stopped the gate or failed and does so no more."""
    left: tuple[str, ...]
    """`rule of model` for each that stops the gate all the same; all of them did before."""
    advice: int
    """How many evaluations fail and only advise."""


class Replacement(NamedTuple):
    """A stretch of the file as it is, and what stands there afterwards; lines and columns count from 1."""

    line: int
    column: int
    end_line: int
    end_column: int
    """The column behind the last character."""
    text: str


class Remedy(NamedTuple):
    """One change that was judged."""

    kind: str
    """The name of the kind of change, such as `lower-context`; several are joined by ` + `."""
    said: str
    """What is changed, in words."""
    costs: tuple[Cost, ...]
    after: After
    file: str
    """The file that the patch changes."""
    patch: str
    """A unified diff, for `git apply` or `patch -p1`."""
    replacements: tuple[Replacement, ...] = ()
    """The same as stretches of the file as it is; empty for a file that is not there yet."""
    note: str = ""
    """What has to be true, or done, beside the change; empty where nothing has."""
    is_safe: bool = False
    """Whether `--fix` makes it."""
    needs_person: bool = False
    """Whether it counts only once a person has said so: nothing applies it."""


class Question(NamedTuple):
    """What only a person can answer, and what would follow from the answer."""

    asked: str
    then: str


class Remedied(NamedTuple):
    """One finding, and what makes it go away."""

    rule: str
    model: str
    at: Place
    stops: bool
    """Whether the gate stops on it."""
    remedies: tuple[Remedy, ...]
    """The smallest change first."""
    questions: tuple[Question, ...] = ()
    tried: int = 0
    """How many changes were judged for it."""


class ManifestRemedies(NamedTuple):
    """What was found for one manifest."""

    file: str
    findings: tuple[Remedied, ...]
    together: Remedy | None = None
    """The first remedies of its findings in one change, where there is more than one of them."""
    passed_over: int = 0
    """How many more findings there are, for which nothing was looked for."""


NOTHING_KNOWN = "nothing in what we know makes this pass"
