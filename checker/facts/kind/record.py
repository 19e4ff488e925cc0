"""Reads the signals of one model from a JSON record, as a resolver or a person writes them down.

Values may be lists or one text, remarks may stand in brackets behind a value, and free notes may hold `key=value`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from checker.document.digits import whole
from checker.document.errors import InputError
from checker.facts.kind.signals import Signals
from checker.facts.model import Parent, Relation

KEYS = (
    "id",
    "architectures",
    "model_type",
    "pipeline_tag",
    "library_name",
    "tags",
    "chat_template",
    "base_model",
    "relation",
    "files",
    "card",
    "notes",
)
_MEANINGLESS = frozenset(("", "none", "null", "absent", "unknown", "n/a", "[]", "-", "missing", "not given"))
_YES = frozenset(("yes", "true", "present", "1"))
_NO = frozenset(("no", "false", "none", "absent", "0", "null", ""))
_BRACKETS = re.compile(r"(?<!\s)\s*\(([^()]*)\)")
_PAIR = re.compile(r"\s*([\w.:*/-]+(?:\.json)?)\s*=\s*(.+)", re.DOTALL)
_NEXT_PAIR = re.compile(r",\s+(?=[A-Za-z_][\w.]*\s*=)(?![^({\[]*[)}\]])")
"""Between two pairs that a comma keeps apart, outside brackets."""
_COUNTED = re.compile(r"(\d{1,4})\b\W*(.*)", re.DOTALL)
_LABELS = re.compile(r"\b(\d{1,4})\s*labels?\b")


def signals_of(record: Mapping[str, Any]) -> Signals:
    """The signals that the record states.

    Raises:
        InputError: it names no model by `id`, or a key misses one of ours by a letter or holds something else.
    """
    if problems := tuple(_odd_keys(record)):
        raise InputError(problems)
    name = record.get("id")
    if not isinstance(name, str) or not name.strip():
        raise InputError.one("the record has no `id`", expected="the model's id as a text")
    reader = _Reader(name.strip())
    for key in KEYS[1:-1]:
        if record.get(key) is not None:
            reader.take(key, record[key])
    for note in _pieces(record.get("notes"), "notes", ";"):
        for piece in _NEXT_PAIR.split(note):
            reader.note(piece)
    return reader.signals()


def _odd_keys(record: Mapping[str, Any]) -> Iterable[Any]:
    """Keys that are a slip of the pen; others, of which a Hub record has many, say nothing of the kind."""
    from checker.document.errors import Problem
    from checker.document.nearest import nearest

    for key in record:
        if key not in KEYS and (near := _near(key, nearest)) is not None:
            yield Problem(
                sentence=f"unknown key `{key}`", expected=f"one of {', '.join(KEYS)}", hint=f"did you mean `{near}`?"
            )


def _near(key: str, nearest: Callable[[str, Iterable[str]], str | None]) -> str | None:
    near = nearest(key, [known for known in KEYS if abs(len(known) - len(key)) <= 2])
    return near if near is not None and near[0] == key[:1].casefold() and key not in _OF_THE_HUB else None


_OF_THE_HUB = frozenset(("line", "config", "card_data", "cardData", "modelId", "model_id", "name", "note"))


class _Reader:
    """Gathers what the keys and the notes of a record state."""

    def __init__(self, name: str) -> None:
        self._id = name
        self._lists: dict[str, list[str]] = {
            key: [] for key in ("architectures", "tags", "files", "modules", "labels", "settings", "remarks", "parents")
        }
        self._texts: dict[str, str] = {}
        self._relation = ""
        self._template: bool | None = None
        self._template_text = ""
        self._count: int | None = None
        self._unsure: set[str] = set()

    def signals(self) -> Signals:
        """What was gathered."""
        lists, texts = self._lists, self._texts
        relation = _relation(self._relation, len(lists["parents"]))
        return Signals(
            id=self._id,
            architectures=tuple(lists["architectures"]),
            model_type=texts.get("model_type", ""),
            pipeline_tag=texts.get("pipeline_tag", ""),
            library_name=texts.get("library_name", ""),
            tags=tuple(lists["tags"]),
            files=tuple(lists["files"]),
            modules=tuple(lists["modules"]),
            chat_template=self._template,
            template_text=self._template_text,
            parents=tuple(Parent(name, relation) for name in dict.fromkeys(lists["parents"])),
            card=texts.get("card", ""),
            labels=tuple(lists["labels"]),
            label_count=self._count,
            problem_type=texts.get("problem_type", ""),
            adapter_task=texts.get("adapter_task", ""),
            settings=tuple(dict.fromkeys(lists["settings"])),
            remarks=tuple(lists["remarks"]),
            unsure=frozenset(self._unsure),
        )

    def take(self, key: str, value: Any) -> None:
        """One key of the record."""
        if key == "chat_template":
            self._chat_template(value)
        elif key == "base_model":
            self._base_model(value)
        elif key == "card":
            self._texts["card"] = " ".join(_pieces(value, key, ""))
        elif key == "relation":
            self._relation = next(iter(_pieces(value, key, ",")), "")
        elif key in ("architectures", "tags", "files"):
            for piece in _pieces(value, key, ",;" if key != "files" else ";"):
                self._one_of(key, piece)
        else:
            self._one_of(key, " ".join(_pieces(value, key, "")))

    def note(self, text: str) -> None:
        """A free remark, which may be `key=value`."""
        pair = _PAIR.fullmatch(text)
        if pair and self._pair(pair[1].casefold().removeprefix("_"), pair[2].strip()):
            return
        folded = text.casefold()
        if "adapter_config.json" in folded:
            self._adapter(text)
        for file in ("modules.json", "1_Pooling", "config_sentence_transformers.json", "sentence_bert_config.json"):
            if file.casefold() in folded and f"no {file}".casefold() not in folded:
                self._lists["files"].append(file)
                if "assumed" in folded:
                    self._unsure.add("files")
        if not folded.startswith(("auto_map", "custom_code")):
            self._remark(text)

    def _pair(self, key: str, value: str) -> bool:
        """Take a pair whose key means something here; whether it does."""
        plain, remarks = _without_brackets(value)
        if key in ("base_model", "lineage", "base", "base_model_name_or_path", "parent") or key.startswith(
            "base_model:"
        ):
            self._relation = self._relation or (key.partition(":")[2].partition("=")[0])
            self._base_model(value)
            return True
        if key in ("id2label", "labels", "num_labels", "label_count"):
            counted = _COUNTED.match(plain) if key not in ("id2label", "labels") else None
            self._label_names(counted[1] if counted else plain, (*remarks, counted[2]) if counted else remarks)
            return True
        if key in ("is_encoder_decoder", "is_decoder"):
            if plain.casefold() in _YES:
                self._lists["settings"].append(
                    key.removeprefix("is_").replace("_", "-") if "enc" in key else "is-decoder"
                )
            return True
        if key in ("quant_method", "quantization_config", "quantization"):
            self._lists["settings"].append("quantized")
            return True
        if key in ("vision_config", "audio_config"):
            self._lists["settings"].append(key.partition("_")[0])
            return True
        if key == "problem_type":
            self._one_of("problem_type", value)
            return True
        if key in ("modules.json", "modules"):
            self._lists["files"].append("modules.json")
            self._lists["modules"] += [part.strip() for part in re.split(r"[,+>]", plain) if part.strip(" -")]
            return True
        if key in ("peft_type", "task_type"):
            self._adapter(f"{key}={value}")
            return True
        if key == "pipeline":
            self._one_of("pipeline_tag", value)
            return True
        if key in KEYS[1:-1]:
            self.take(key, value)
            return True
        return False

    def _one_of(self, key: str, value: str) -> None:
        """One value of a field, with what stands in brackets behind it."""
        plain, remarks = _without_brackets(value)
        for remark in remarks:
            self._remark(remark)
        if any(remark.casefold().startswith(("wrong", "incorrect")) for remark in remarks):
            return
        if any("assumed" in remark.casefold() for remark in remarks):
            self._unsure.add(key)
        if key == "files":
            self._file(plain)
        elif plain.casefold() in _MEANINGLESS:
            return
        elif key == "architectures":
            self._lists["architectures"] += [part for part in re.split(r"[\s/,]+", plain) if part]
        elif key == "tags":
            self._tag(plain)
        else:
            self._texts[key] = plain

    def _tag(self, tag: str) -> None:
        """A tag; the Hub writes lineage as `base_model:<relation>:<id>`."""
        if tag.startswith("base_model:"):
            parts = tag.split(":", 2)
            if len(parts) == 3:
                self._relation = parts[1]
            self._base_model(parts[-1])
            return
        if tag.casefold() not in _MEANINGLESS:
            self._lists["tags"].append(tag)

    def _file(self, text: str) -> None:
        key, _, chained = text.removeprefix("files=").partition("=")
        if key.strip() == "modules.json" and chained:
            self._pair("modules.json", chained)
            return
        if key.strip().startswith("adapter_config.json"):
            self._adapter(text)
            return
        self._lists["files"] += [
            part.removesuffix(" only").strip().rstrip("/")
            for part in re.split(r"[,+]|\band\b", text.removeprefix("files="))
            if part.strip().casefold() not in _MEANINGLESS
        ]

    def _adapter(self, text: str) -> None:
        if "adapter_config.json" in text:
            self._lists["files"].append("adapter_config.json")
        text = text.replace("adapter_config.json", "")
        for key, value in re.findall(r"(?<!\w)(\w+)\s*[=:]\s*\"?([\w./-]+)", text):
            if key == "task_type":
                self._texts["adapter_task"] = value
            elif key == "base_model_name_or_path":
                self._base_model(value)
                self._relation = self._relation or "adapter"

    def _label_names(self, plain: str, remarks: tuple[str, ...]) -> None:
        """`3`, `{NEGATIVE,POSITIVE}`, `{"0": "NEG"}`, `absent`: names or how many they are."""
        for remark in remarks:
            self._remark(remark)
        text = plain.strip().strip("{}[]")
        if whole(text) is not None:
            self._count = whole(text)
            return
        if text.casefold() in _MEANINGLESS:
            return
        names = [name.rpartition(":")[2].strip(" \"'") for name in re.split(r"[,/|]", text)]
        named = [name for name in names if name and name not in ("...", "…")]
        count = re.match(r"(\d{1,9})(?!\d)", text)
        if count and len(named) == 1:
            self._count = int(count[1])
            return
        self._lists["labels"] += named
        if self._count is None and len(named) == len(names):
            self._count = len(named)

    def _base_model(self, value: Any) -> None:
        if isinstance(value, Mapping):
            self._relation = self._relation or str(value.get("relation") or "")
            value = value.get("models") or value.get("id") or []
        for piece in _pieces(value, "base_model", ",;"):
            plain, _ = _without_brackets(piece)
            relation, _, model = plain.rpartition(":")
            if plain.casefold() not in _MEANINGLESS:
                self._relation = self._relation or relation
                self._lists["parents"].append(model)

    def _chat_template(self, value: Any) -> None:
        if isinstance(value, bool):
            self._template = value
            return
        if isinstance(value, list):  # named templates, one of which is the default
            self._template, self._template_text = bool(value), " ".join(str(item) for item in value)
            return
        text = _text(value, "chat_template")
        plain, remarks = _without_brackets(text) if len(text) < 200 else (text, ())
        if any("assumed" in remark.casefold() for remark in remarks):
            self._unsure.add("chat_template")
        word = plain.split(",")[0].strip().casefold()
        if word in _NO:
            self._template = False
        else:
            self._template = True
            self._template_text = "" if word in _YES else text

    def _remark(self, text: str) -> None:
        counted = _LABELS.search(text)
        if counted and self._count is None:
            self._count = int(counted[1])
            if "assumed" in text:
                self._unsure.add("label_count")
        if text.strip():
            self._lists["remarks"].append(text.strip())


def _relation(stated: str, parents: int) -> Relation:
    folded = stated.strip().casefold().removeprefix("base_model:")
    known = {"fine-tune": "finetune", "finetuned": "finetune", "quantised": "quantized", "distilled": "distill"}
    folded = known.get(folded, folded)
    if folded in tuple(Relation):
        return Relation(folded)
    return Relation.MERGE if parents > 1 else Relation.UNSTATED


def _without_brackets(text: str) -> tuple[str, tuple[str, ...]]:
    """The value, and what stands in brackets behind it."""
    return _BRACKETS.sub("", text).strip(), tuple(remark.strip() for remark in _BRACKETS.findall(text))


def _pieces(value: Any, key: str, between: str) -> list[str]:
    """The texts of a list, or the pieces of one text."""
    if value is None:
        return []
    if isinstance(value, list):
        return [_text(item, key).strip() for item in value if item is not None]
    text = _text(value, key)
    if not between:
        return [text]
    return [piece.strip() for piece in re.split(f"[{between}](?![^({{]*[)}}])", text) if piece.strip()]


def _text(value: Any, key: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise InputError.one(f"`{key}` is no text", expected="a text or a list of texts")
