"""Reads adapter_config.json, which PEFT writes beside an adapter: the base model and how the adapter was trained."""

from __future__ import annotations

from checker.document.place import Place
from checker.document.tree import Mapping, Node, Scalar
from checker.scan import name, options
from checker.scan.name import Stands, why_not
from checker.scan.use import Found, Kind, Unresolved, Use


def read(root: Node) -> Found:
    """The base of an adapter."""
    if not isinstance(root, Mapping) or "base_model_name_or_path" not in root.items:
        return Found()
    value = root.items["base_model_name_or_path"].value
    if not isinstance(value, Scalar) or value.empty:
        return Found()
    read = name.understood(value.text)
    if read.stands is not Stands.HUB:
        return Found((), (Unresolved(value.text[:60], why_not(read), value.at),))
    settings: dict[str, tuple[object, Place]] = {
        key: (entry.value.text, entry.value.at) for key, entry in root.items.items() if isinstance(entry.value, Scalar)
    }
    kind = settings.get("peft_type", ("", value.at))
    if str(kind[0]).upper() == "LORA":
        settings["adapter"] = ("lora", kind[1])
    revision = str(settings["revision"][0]) if "revision" in settings else ""
    pinned = revision if revision not in ("", "null") else read.revision
    return Found((Use(read.model, pinned, Kind.ADAPTER_BASE, value.at, options.training(settings), read.note),))
