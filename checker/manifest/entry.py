"""One model that a project uses: which one, what for, and how it is trained and served."""

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from checker.document.bind import Block, Later, refuse
from checker.document.errors import Problem
from checker.document.place import NOWHERE, At
from checker.document.scalars import OneOrMany, Text, Word, YesNo
from checker.manifest.choices import Access, Documents, Objective, SizeClass
from checker.manifest.deployment import Deployment
from checker.manifest.model_id import ModelId, RelativePath, Revision, is_local

if TYPE_CHECKING:
    from checker.manifest.baseline_run import BaselineRun
    from checker.manifest.evidence import Measured, ObligationShown
    from checker.manifest.fine_tuning import FineTuning
    from checker.manifest.known import Known
else:
    # Two dozen classes that most manifests do without.
    BaselineRun = Annotated[Any, Later("checker.manifest.baseline_run", "BaselineRun")]
    FineTuning = Annotated[Any, Later("checker.manifest.fine_tuning", "FineTuning")]
    Known = Annotated[Any, Later("checker.manifest.known", "Known")]
    Measured = Annotated[Any, Later("checker.manifest.evidence", "Measured")]
    ObligationShown = Annotated[Any, Later("checker.manifest.evidence", "ObligationShown")]


_WHERE_KEYS_BELONG: Any = [
    {
        "if": {"properties": {"objective": {"const": "other"}}, "required": ["objective"]},
        "then": {"required": ["task"]},
        "else": {"properties": {"task": False}},
    },
    {
        "if": {"properties": {"access": {"const": "api"}}, "required": ["access"]},
        "else": {"properties": {"provider": False, "terms": False}},
    },
    {
        "if": {"properties": {"root": {"const": True}}, "required": ["root"]},
        "then": {"properties": {"derived_from": {"maxItems": 0, "type": "array"}}},
    },
]
"""What `_consistent` asks, as far as a JSON Schema can say it."""


class ModelEntry(Block):
    """One model that the project uses."""

    model_config = ConfigDict(json_schema_extra={"allOf": _WHERE_KEYS_BELONG})

    name: At[Annotated[str, Text]] | None = Field(default=None, examples=["assistant"])
    """The project's own name for it, unique in the file; default: the last part of the id."""
    # Not `examples`, which the message about a missing key would take in the place of its own words.
    model: At[Annotated[str, ModelId]] = Field(json_schema_extra={"examples": ["Qwen/Qwen3-8B", "./models/tuned"]})
    """Its id on the Hub, or `./path` of a local model."""
    revision: At[Annotated[str, Revision]] | None = Field(
        default=None, examples=["a09a35458c702b33eeacc393d103063234e8bc28"]
    )
    """The commit that is used; default: the commit in model.lock."""
    license: At[Annotated[str, Text]] | None = Field(default=None, examples=["apache-2.0", "llama3.1"])
    """The licence that the project believes it has; any spelling; checked against the facts."""
    objective: At[Annotated[Objective, Word]]
    """What it is to do."""
    task: At[Annotated[str, Text]] | None = Field(default=None, examples=["speech-recognition"])
    """What it is to do where the objective is `other`."""
    size_class: At[Annotated[SizeClass, Word]] | None = None
    """edge (1-3B), general (7-8B) or expert (14-30B); where absent, derived and shown."""
    access: At[Annotated[Access, Word]] = At(Access.WEIGHTS, NOWHERE)
    """Whether the project runs the weights or asks a service."""
    provider: At[Annotated[str, Text]] | None = Field(default=None, examples=["acme-gateway"])
    """Whose service it is (`access: api`)."""
    terms: At[Annotated[str, Text]] | None = Field(default=None, examples=["https://example.com/terms"])
    """The service's terms (`access: api`): a URL or a document's name."""
    fine_tuning: FineTuning | None = None
    """How it is fine-tuned."""
    deployment: Deployment | None = None
    """How it is served."""
    documents: At[Annotated[Documents, Word]] | None = None
    """The kind of documents that it reads; long-form asks for 32k to 128k tokens of context."""
    baseline: At[Annotated[str, RelativePath]] | None = Field(default=None, examples=["evals/baseline.json"])
    """Results of the model before fine-tuning: a file of lm-evaluation-harness, lighteval, MTEB (or its folder), or
    ours."""
    baseline_run: BaselineRun | None = None
    """The run behind `baseline`: its day, tasks, metrics and shots, which the file is held against."""
    derived_from: OneOrMany[At[Annotated[str, ModelId]]] = Field(default=(), examples=[["meta-llama/Llama-3.1-8B"]])
    """The models that a local or unknown model descends from."""
    root: At[Annotated[bool, YesNo]] = At(False, NOWHERE)
    """Whether it descends from no other model."""
    known: Known | None = None
    """What no source states and the project knows."""
    measured: Measured | None = None
    """Memory that was measured."""
    obligations: OneOrMany[ObligationShown] = ()
    """Where duties of the licence are shown to be met."""

    @property
    def display_name(self) -> str:
        """The name, or the last part of the id."""
        if self.name:
            return self.name.value
        last = self.model.value.rstrip("/").rpartition("/")[2]
        return self.model.value if last in ("", ".", "..") else last

    @property
    def is_local(self) -> bool:
        """Whether the model is named by a path."""
        return is_local(self.model.value)

    @property
    def context_window(self) -> At[int] | None:
        """The window that is declared for serving, in tokens."""
        return self.deployment.context_window if self.deployment else None

    @property
    def shares_hardware(self) -> bool:
        """Whether it is served on the manifest's shared hardware."""
        return self.deployment is not None and self.deployment.hardware is None

    def as_loaded_weights(self) -> Self:
        """The same entry for the artefact that `deployment.weights` names: other files, so other licence and claims.

        Raises:
            LookupError: no such artefact is named.
        """
        weights = self.deployment.weights if self.deployment else None
        if weights is None:
            raise LookupError(f"{self.display_name} names no deployment.weights")
        own = {
            "model": weights.model,
            "revision": weights.revision,
            "license": None,
            "known": None,
            "fine_tuning": None,
            "baseline": None,
        }
        lineage = {"derived_from": (self.model,), "root": At(False, NOWHERE)}
        return self.model_copy(update={**own, **lineage})

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = (*self._task_problem(), *self._api_problems(), *self._root_problem())
        if problems:
            raise refuse(*problems)
        return self

    def _task_problem(self) -> tuple[Problem, ...]:
        other = self.objective.value is Objective.OTHER
        if other and self.task is None:
            sentence = "`objective: other` without `task`"
            return (Problem(sentence, expected="`task`, which says what the model is to do", at=self.objective.at),)
        if not other and self.task is not None:
            sentence = f"`task` is given, and `objective` is {self.objective.value}"
            return (
                Problem(sentence, expected="`objective: other`, or no task", at=self.task.at, also=self.objective.at),
            )
        return ()

    def _api_problems(self) -> tuple[Problem, ...]:
        if self.access.value is Access.API:
            return ()
        given = (("provider", self.provider), ("terms", self.terms))
        expected = "`access: api`, or no such key"
        return tuple(
            Problem(f"`{key}` is given, and the project runs the weights itself", expected=expected, at=value.at)
            for key, value in given
            if value is not None
        )

    def _root_problem(self) -> tuple[Problem, ...]:
        if not self.root.value or not self.derived_from:
            return ()
        sentence = "`root: true` says that it descends from no other model, and `derived_from` names one"
        return (Problem(sentence, expected="one of the two", at=self.root.at, also=self.derived_from[0].at),)
