"""Reads configuration: trees of keys and values out of YAML or JSON, whatever tool they are for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Lookup

from checker.document.place import Place
from checker.document.tree import Mapping, Node, Scalar, Sequence
from checker.scan import name, options
from checker.scan.command import Placed, expanded, of_image, words_of
from checker.scan.name import SERVICES, Stands, why_not
from checker.scan.quotes import each_alone
from checker.scan.use import Found, Kind, Option, Pinned, Unresolved, Use

TRAINING_KEYS = ("base_model", "model_name_or_path", "pretrained_model_name_or_path", "model_id_or_path")
_SIGNS_OF_TRAINING = frozenset(
    (
        *(
            "datasets",
            "dataset",
            "adapter",
            "sequence_len",
            "finetuning_type",
            "stage",
            "cutoff_len",
            "lora_r",
            "use_peft",
        ),
        *(
            "micro_batch_size",
            "per_device_train_batch_size",
            "num_epochs",
            "num_train_epochs",
            "learning_rate",
            "lora_rank",
        ),
        *("dataset_mixer", "dataset_name", "max_seq_length", "lora", "training", "gradient_accumulation_steps"),
    )
)
_SPECIFIC = frozenset(
    (
        *("model_name_or_path", "pretrained_model_name_or_path", "base_model_name_or_path", "hf_model_id", "hf_repo"),
        *("hf_model", "huggingface_model", "huggingface_id", "hf_repo_id", "repo_id", "hf_model_name", "hf_path"),
        *("base_model", "model_source", "hf_model_repo"),
    )
)
"""Keys whose value is a name on the Hub by the tools that have them."""
_GENERAL = re.compile(
    r"(?:[a-z]+_)*(?:model|llm|embedder|embeddings?|reranker|tokenizer)(?:_?(?:id|name|url|path|repo|tag|source))?"
)
_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OBJECTIVES = (("embed", "similarity"), ("rerank", "reranking"))
_ORGANISED = re.compile(r"[A-Za-z0-9][\w.-]+/[A-Za-z0-9][\w.-]*[A-Za-z0-9]")
_FILES = re.compile(
    r".*\.(?:py|ya?ml|json|txt|md|sh|js|ts|csv|html?|toml|png|svg|jar|go|rs|proto|lock|sql)", re.IGNORECASE
)
_MIME = frozenset(("application", "text", "image", "audio", "video", "font", "multipart"))
_NO_ARTEFACT = frozenset(
    ("refs", "origin", "feature", "docs", "tests", "actions", "library", "bin", "usr", "var", "etc")
)


def read(
    root: Node, variables: Lookup[str, str], templates: Lookup[str, str], recorded: Callable[[str], bool]
) -> Found:
    """What a tree of configuration uses.

    Args:
        root: the tree.
        variables: values of `${NAME}` that are known beside the file.
        templates: what the characters that stand for templates mean.
        recorded: whether the catalogue has a model of that id.
    """
    reader = _Reader(variables, templates, recorded)
    reader.visit(root)
    return Found(tuple(reader.uses), tuple(reader.unresolved), tuple(reader.pins))


class _Reader:
    def __init__(
        self, variables: Lookup[str, str], templates: Lookup[str, str], recorded: Callable[[str], bool]
    ) -> None:
        self.uses: list[Use] = []
        self.unresolved: list[Unresolved] = []
        self.pins: list[Pinned] = []
        self._variables = variables
        self._templates = templates
        self._recorded = recorded

    def visit(self, node: Node) -> None:
        """Look at a node and at all below it; the reader of the file bounds the depth."""
        if isinstance(node, Sequence):
            for item in node.items:
                self.visit(item)
        elif isinstance(node, Mapping):
            self._mapping(node)

    def _mapping(self, node: Mapping) -> None:
        taken = self._training(node) or self._container(node)
        for key, entry in node.items.items():
            value = entry.value
            if isinstance(value, (Mapping, Sequence)):
                if key in taken:
                    continue
                if isinstance(value, Sequence) and _GENERAL.fullmatch(_snake(key).removesuffix("s")):
                    for item in value.items:
                        if isinstance(item, Scalar):
                            self._named(key.removesuffix("s"), item, node)
                self.visit(value)
            elif key not in taken and not value.empty:
                self._scalar(key, value, node)

    def _scalar(self, key: str, value: Scalar, around: Mapping) -> None:
        snake = _snake(key)
        is_script = snake in ("run", "script", "cmd", "command", "commands") and not _has_other_shell(around)
        if is_script or "\n" in value.text:
            from checker.scan.shell import read_prose, read_text

            read = read_text if is_script else read_prose
            self._add(read(self._filled(value.text), self._variables, _among([value], value.at)))
        elif value.text.startswith(("hf://", "ollama://")):
            self._use(value, value.text, Kind.SERVED, around)
        else:
            self._named(snake, value, around)

    def _named(self, key: str, value: Scalar, around: Mapping) -> None:
        """A key that says model, with a value that has the form of a name on the Hub."""
        snake, text = _snake(key), self._filled(value.text)
        specific = snake in _SPECIFIC
        if not specific and not _GENERAL.fullmatch(snake):
            return
        prefix = text.partition("/")[0]
        if (prefix in SERVICES or prefix in _MIME or prefix in _NO_ARTEFACT) and not self._recorded(text):
            return
        if text.startswith(("ollama/", "ollama_chat/")):
            self._use(value, text, Kind.SERVED, around)
            return
        for scheme in ("huggingface/", "hosted_vllm/"):
            text = text.removeprefix(scheme)
        if _is_ollama(around) and "/" not in text and text.partition(":")[0]:
            self._use(value, f"ollama/{text}", Kind.SERVED, around, key=snake)
            return
        bare = specific and "/" not in text and self._recorded(text)
        if not bare and (not _ORGANISED.fullmatch(text) or _FILES.fullmatch(text)):
            return
        if not specific and not self._recorded(text) and not _looks_like_a_model(text):
            return
        self._use(value, text, Kind.CONFIGURED, around, key=snake)

    def _use(self, value: Scalar, text: str, kind: Kind, around: Mapping, key: str = "") -> None:
        read = name.understood(text)
        if read.stands is not Stands.HUB:
            if read.stands is Stands.ELSEWHERE:
                self.unresolved.append(Unresolved(text[:60], why_not(read), value.at))
            return
        settings = _settings(around)
        found = [Option("objective", objective, value.at) for part, objective in _OBJECTIVES if part in key]
        found += options.serving(settings)
        if read.quantization:
            found.append(Option("deployment.quantization", read.quantization, value.at))
        revision = next(
            (settings[one][0] for one in ("revision", "model_revision", "modelRevision") if one in settings), None
        )
        pinned = read.revision or (str(revision) if revision else None)
        self.uses.append(Use(read.model, pinned, kind, value.at, tuple(found), read.note))

    def _training(self, node: Mapping) -> frozenset[str]:
        """axolotl, LLaMA-Factory, TRL and their relatives; the keys that say so."""
        key = next((one for one in TRAINING_KEYS if isinstance(_value(node, one), Scalar)), None)
        if key is None or not _SIGNS_OF_TRAINING & node.items.keys():
            return frozenset()
        value = node.items[key].value
        assert isinstance(value, Scalar)
        read = name.understood(self._filled(value.text))
        if read.stands is not Stands.HUB:
            self.unresolved.append(Unresolved(value.text[:60], why_not(read), value.at))
            return frozenset((key,))
        settings = _settings(node)
        for nested in ("lora", "peft", "training", "training_args", "quantization"):
            inner = _value(node, nested)
            if isinstance(inner, Mapping):
                settings |= _settings(inner)
        if "sequence_len" in settings and "adapter" not in settings:  # axolotl trains all weights where none is named
            settings["adapter"] = ("full", value.at)
        revision = next((settings[one][0] for one in _REVISIONS if one in settings), None)
        pinned = str(revision) if revision else read.revision
        self.uses.append(Use(read.model, pinned, Kind.TRAINED, value.at, options.training(settings), read.note))
        return frozenset((key,))

    def _container(self, node: Mapping) -> frozenset[str]:
        """A container of compose or Kubernetes: its command in its image, with its environment."""
        image = _value(node, "image")
        text = self._filled(image.text) if isinstance(image, Scalar) else self._repository(image)
        keys = [
            key for key in ("entrypoint", "command", "args", "extraArgs", "environment", "env") if key in node.items
        ]
        if not text or not keys:
            return frozenset()
        variables = {**self._variables, **self._environment(node)}
        argv: list[str] = []
        scalars: list[Scalar] = []
        for key in ("entrypoint", "command", "args", "extraArgs"):
            value = _value(node, key)
            if isinstance(value, Scalar):
                scalars.append(value)
                if argv and re.fullmatch(r"-[a-z]*c", argv[-1]):
                    argv.append(self._filled(value.text))
                    continue
                line = self._filled(value.text).replace("\\\n", " ").replace("\n", " ")
                argv += words_of(line) or []
                self.unresolved += each_alone([(line, _among([value], value.at))]).unresolved
            elif isinstance(value, Sequence):
                items = [item for item in value.items if isinstance(item, Scalar)]
                scalars += items
                argv += [self._filled(item.text) for item in items]
        argv = [
            expanded(word.replace("$(", "${").replace(")", "}") if "$(" in word else word, variables) for word in argv
        ]
        fallback = image.at if isinstance(image, Scalar) else node.at
        placed = _among([*scalars, *self._environment_scalars(node)], fallback)
        self._add(of_image(text, argv, self._environment(node), placed))
        return frozenset(("entrypoint", "command", "args", "extraArgs"))

    def _repository(self, image: Node | None) -> str:
        """Helm's `image: {repository: …, tag: …}`."""
        repository = _value(image, "repository") if isinstance(image, Mapping) else None
        return f"{repository.text}:tag" if isinstance(repository, Scalar) else ""

    def _environment(self, node: Mapping) -> dict[str, str]:
        """Variables of a container, in any of the three spellings."""
        found: dict[str, str] = {}
        for key in ("environment", "env"):
            value = _value(node, key)
            if isinstance(value, Mapping):
                found |= {k: self._filled(e.value.text) for k, e in value.items.items() if isinstance(e.value, Scalar)}
            for item in value.items if isinstance(value, Sequence) else ():
                if isinstance(item, Scalar):
                    left, _, right = item.text.partition("=")
                    found[left] = self._filled(right)
                named, text = _value(item, "name"), _value(item, "value")
                if isinstance(named, Scalar) and isinstance(text, Scalar):
                    found[named.text] = self._filled(text.text)
        return {key: expanded(value, {**self._variables, **found}) for key, value in found.items()}

    def _environment_scalars(self, node: Mapping) -> Iterator[Scalar]:
        for key in ("environment", "env"):
            value = _value(node, key)
            entries = [e.value for e in value.items.values()] if isinstance(value, Mapping) else []
            for item in value.items if isinstance(value, Sequence) else entries:
                inner = _value(item, "value") if isinstance(item, Mapping) else item
                if isinstance(inner, Scalar):
                    yield inner

    def _filled(self, text: str) -> str:
        """The text with variables and templates in their places, where they are known."""
        for mark, said in self._templates.items():
            if mark in text:
                text = re.sub(f"{mark}+", lambda _, said=said: self._of_template(said), text)  # type: ignore[misc]
        return expanded(text, self._variables)

    def _of_template(self, said: str) -> str:
        words = said.split()
        path = next((word.removeprefix(".Values.") for word in words if word.startswith(".Values.")), "")
        value = self._variables.get(f".Values.{path}")
        return value if value is not None else f"${{{said.replace('{', '').replace('}', '')}}}"

    def _add(self, found: Found) -> None:
        self.uses += found.uses
        self.unresolved += found.unresolved
        self.pins += found.pins


_REVISIONS = ("revision_of_model", "model_revision", "revision")


def _is_ollama(around: Mapping) -> bool:
    """Whether keys beside a name say that Ollama serves it: its name, or its port."""
    beside = _settings(around)
    named = (str(beside[key][0]).lower() for key in ("provider", "type", "backend", "engine") if key in beside)
    addresses = (str(beside[key][0]) for key in ("base_url", "api_base", "url", "host", "endpoint") if key in beside)
    return any(word.startswith("ollama") for word in named) or any(":11434" in one for one in addresses)


def values_of(root: Node, prefix: str = ".Values") -> Iterator[tuple[str, str]]:
    """The scalars of Helm's values, by the path that its templates use."""
    if isinstance(root, Mapping):
        for key, entry in root.items.items():
            yield from values_of(entry.value, f"{prefix}.{key}")
    elif isinstance(root, Scalar) and not root.empty:
        yield prefix, root.text


def of_variables(pairs: Iterator[tuple[str, Scalar]], recorded: Callable[[str], bool]) -> Found:
    """What a file of variables (`.env`) names under keys that say model."""
    reader = _Reader({}, {}, recorded)
    for key, value in pairs:
        reader._named(key, value, Mapping({}, value.at))
    return Found(tuple(reader.uses), tuple(reader.unresolved))


def _looks_like_a_model(text: str) -> bool:
    """Whether a name has what names of models have: a size, a family or a kind of training. A heuristic."""
    return _MODEL_WORDS.search(text.partition("/")[2]) is not None


_MODEL_WORDS = re.compile(
    r"(?i)(?:^|[-_.])(?:\d+(?:\.\d+)?[bm]|instruct|chat|base|large|small|gguf|awq|gptq|fp8|it|hf|embed\w*|rerank\w*|v\d)"
    r"(?:[-_.]|$)|llama|mistral|mixtral|qwen|gemma|phi-?\d|bert|gpt|deepseek|falcon|minilm|mpnet|bge|e5-|t5|whisper|clip"
)


def _settings(node: Mapping) -> dict[str, tuple[object, Place]]:
    found: dict[str, tuple[object, Place]] = {}
    for key, entry in node.items.items():
        if isinstance(entry.value, Scalar) and not entry.value.empty:
            found[key] = found[_snake(key)] = (entry.value.text, entry.value.at)
    return found


def _has_other_shell(around: Mapping) -> bool:
    """Whether another program than a shell of Unix runs what stands there, as a step of a workflow may say."""
    said = _value(around, "shell")
    return isinstance(said, Scalar) and said.text.split()[:1] not in ([], ["bash"], ["sh"], ["zsh"])


def _value(node: Node | None, key: str) -> Node | None:
    entry = node.items.get(key) if isinstance(node, Mapping) else None
    return entry.value if entry else None


def _snake(key: str) -> str:
    return _SNAKE.sub("_", key).replace("-", "_").lower()


_FILLED = re.compile("[$\ue100-\uefff]")


def _among(scalars: list[Scalar], fallback: Place) -> Placed:
    """Where a word stands among the words of a command."""

    def placed(word: str) -> Place:
        holding = next((one for one in scalars if one.text == word or one.text.endswith(f"={word}")), None)
        holding = holding or next((one for one in scalars if word in one.text), None)
        if holding is None:  # a variable or a template stands for it
            return next((one.at for one in scalars if _FILLED.search(one.text)), scalars[0].at if scalars else fallback)
        lines = holding.at.file.text.replace("\r\n", "\n").split("\n")
        for number in range(holding.at.line, min(holding.at.line + 40, len(lines) + 1)):
            column = lines[number - 1].find(word)
            if column >= 0:
                return Place(holding.at.file, number, column + 1, len(word))
        return holding.at

    return placed
