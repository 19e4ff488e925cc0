"""What a baseline file holds: the results of a model before fine-tuning, as lm-evaluation-harness writes them."""

from json import JSONDecodeError, loads
from pathlib import Path
from typing import TypeAlias

from checker.document.errors import InputError
from checker.document.read import read
from checker.value import NamedTuple


class Baseline(NamedTuple):
    """Results of one evaluation run."""

    path: str
    model: str | None
    """The model that was evaluated; None where the file does not say."""
    revision: str | None
    tasks: tuple[str, ...]


class NoBaseline(NamedTuple):
    """The file that the manifest names holds no results."""

    path: str
    reason: str


class BaselineNotDeclared(NamedTuple):
    """The manifest names no baseline."""


BaselineState: TypeAlias = Baseline | NoBaseline | BaselineNotDeclared


def read_baseline(written: str | None, folder: Path, tree: Path) -> BaselineState:
    """The baseline that an entry names.

    Args:
        written: the path as the manifest writes it, relative to the manifest.
        folder: the manifest's folder.
        tree: the repository; nothing outside it is read.
    """
    if written is None:
        return BaselineNotDeclared()
    path = (folder / written).resolve()
    if not path.is_relative_to(tree.resolve()):
        return NoBaseline(written, "the path leads out of the repository")
    try:
        content = loads(read(path, written).text)
    except InputError as error:
        return NoBaseline(written, error.problems[0].sentence)
    except (JSONDecodeError, RecursionError):
        return NoBaseline(written, "the file is no JSON")
    return parse_baseline(content, written)


def parse_baseline(content: object, path: str) -> BaselineState:
    """Results in the format of lm-evaluation-harness: `results` by task, `config` with the model and its arguments."""
    results = content.get("results") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(results, dict) or not results:
        return NoBaseline(path, "the file has no `results` by task, as lm-evaluation-harness writes them")
    config = content.get("config")
    config = config if isinstance(config, dict) else {}
    arguments = _arguments(config.get("model_args"))
    named = (arguments.get("pretrained"), arguments.get("model"), content.get("model_name"))
    revisions = (arguments.get("revision"), config.get("model_sha"), config.get("model_revision"))
    return Baseline(
        path=path,
        model=next((name for name in named if isinstance(name, str) and name), None),
        revision=next((name for name in revisions if isinstance(name, str) and name not in ("", "main")), None),
        tasks=tuple(sorted(map(str, results))),
    )


def _arguments(written: object) -> dict[str, object]:
    """`model_args` is a mapping in newer files and `key=value,…` in older ones."""
    if isinstance(written, dict):
        return written
    pairs = (pair.partition("=") for pair in written.split(",")) if isinstance(written, str) else ()
    return {key.strip(): value.strip() for key, _, value in pairs}
