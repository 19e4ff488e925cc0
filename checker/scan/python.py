"""Reads Python: the calls that load, fetch or ask a model, wherever constants and plain variables lead to its name."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterator

from checker.document.place import Place, SourceFile
from checker.scan import name, options
from checker.scan.command import commands_in, of_argv
from checker.scan.name import Name, Stands
from checker.scan.python_calls import (
    BARE_NAMES,
    CALLS,
    DOTTED,
    HUB_OF_DEFAULT_ORG,
    NOT_HUB,
    OBJECTIVES,
    TASKS,
    TOKENIZERS,
    Call,
)
from checker.scan.python_handed import HANDERS, handed_on, hands_its_own_on, meant
from checker.scan.python_scopes import Module, Scope
from checker.scan.python_tables import Known
from checker.scan.python_values import FROM_MANIFEST, Values
from checker.scan.use import Found, Kind, Option, Pinned, Unresolved, Use

WORDS = tuple(
    {
        *CALLS,
        *(dotted.partition(".")[0] for dotted in DOTTED),
        "subprocess",
        "os.system",
        "model_name_or_path",
        "pin(",
        "embed_model",
    }
)
"""A file without any of these uses no model that this reader would find."""
_RUNNERS = frozenset(("run", "Popen", "check_call", "check_output", "call", "system", "getoutput"))
_TRAINERS = frozenset(
    ("SFTTrainer", "DPOTrainer", "GRPOTrainer", "Trainer", "KTOTrainer", "ORPOTrainer", "RewardTrainer")
)
_CONFIGURATIONS = frozenset(("quantization_config", "model_kwargs", "peft_config"))
_ARGUMENTS = frozenset(("TrainingArguments", "SFTConfig", "DPOConfig", "GRPOConfig", "LoraConfig", "get_peft_model"))


def module_of(text: str) -> Module:
    """The file's syntax, with its names.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: Python itself cannot read it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the scanned code's own strings
        return Module(ast.parse(text))


def read(source: SourceFile, others: Callable[[str], Module | None], module: Module | None = None) -> Found:
    """The models that a Python file uses.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: Python itself cannot read it.
    """
    module = module_of(source.text) if module is None else module
    reader = _Reader(source, module, Values(module, others))
    for call, scope in module.calls:
        reader.call(call, scope)
    if '"local:' in source.text or "'local:" in source.text:
        reader.local_embedders()
    return Found(tuple(reader.trained()), tuple(reader.unresolved), tuple(reader.pins))


class _Reader:
    def __init__(self, source: SourceFile, module: Module, values: Values) -> None:
        self._source = source
        self._lines = source.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._module = module
        self._values = values
        self._uses: list[Use] = []
        self.unresolved: list[Unresolved] = []
        self.pins: list[Pinned] = []

    def call(self, call: ast.Call, scope: Scope) -> None:
        """Look at one call."""
        call = meant(call, scope, self._module)
        called = self._module.called(call.func)
        if called in _RUNNERS and call.args:
            self._command(call, scope)
            return
        if called in HANDERS:
            made = handed_on(call, self._module)
            if made is not None and self._named(made, CALLS[self._module.called(made.func)], "") is not None:
                self.call(made, scope)
            return
        if called == "pin" and call.args and (self._module.origin(call.func) or "").startswith("checker."):
            names = self._values.of(call.args[0], scope).values
            self.pins += [Pinned(one, self._place(call)) for one in names if isinstance(one, str)]
            return
        row = self._row(call, called)
        if row is None:
            return
        given = self._settings(call, scope)
        node = self._named(call, row, called) or self._spread(call, row, scope)
        if given.get("repo_type", ("", None))[0] in ("dataset", "space"):
            return
        if node is None:
            if row.kind is Kind.PIPELINE and not any(one.arg is None for one in call.keywords):
                task = given.get("task", self._first(call, scope))[0]
                self._say(f"pipeline({task!r})", "no model is named: the library takes the task's default", call)
            elif row.needed and self._may_name(call, called, scope):
                self._say(ast.unparse(call)[:60], "the name is handed over in a way that is not followed", call)
            return
        known = self._values.of(node, scope)
        revision = given.get("revision", given.get("model_revision", (None, None)))[0]
        for value in known.values:
            self._value(value, node, call, row, called, given, str(revision) if revision else None)
        if not any(isinstance(value, str) for value in known.values) and _is_said(row, known):
            self._say(ast.unparse(node)[:60], known.why or "it is no text", node)

    def local_embedders(self) -> None:
        """LlamaIndex takes an embedder as `local:NAME`, in a setting (`Settings.embed_model = …`) or an argument."""
        if not any(one.module.split(".")[0] == "llama_index" for one in self._module.imports.values()):
            return
        seen = {(use.at.line, use.model) for use in self._uses}
        for node in ast.walk(self._module.scope.node):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            read = name.understood(node.value) if node.value.startswith("local:") else None
            if read is None or read.stands is not Stands.HUB or (node.lineno, read.model) in seen:
                continue
            at = self._place(node)
            self._uses.append(Use(read.model, None, Kind.EMBEDDER, at, (Option("objective", "similarity", at),)))

    def _may_name(self, call: ast.Call, called: str, scope: Scope) -> bool:
        """Whether a call in which no name is seen may be given one: by `*list` and `**mapping` every one may."""
        if hands_its_own_on(call, self._module):
            return False
        spread = [one.value for one in call.args if isinstance(one, ast.Starred)]
        spread += [one.value for one in call.keywords if one.arg is None]
        if any(self._values.of(one, scope).why == FROM_MANIFEST for one in spread):
            return False
        if called in ("from_pretrained", "SentenceTransformer"):
            return bool(spread)
        return bool(call.args or call.keywords)

    def _row(self, call: ast.Call, called: str) -> Call | None:
        row = CALLS.get(called)
        origin = self._module.origin(call.func)
        if row is None or row.sure:
            parts = (origin or "").split(".")
            dotted = DOTTED.get(f"{parts[0]}.{parts[-1]}") if len(parts) > 1 else None
            if dotted is not None:
                return dotted
        if row is None:
            return None
        root = (origin or "").split(".")[0]
        if called in self._module.classes or (called in self._module.functions and isinstance(call.func, ast.Name)):
            return None
        if called in ("from_pretrained", "from_quantized", "load_lora_weights"):
            return None if root in NOT_HUB else row
        if root.startswith("?"):  # nothing says where it comes from, or `import *` does
            is_imported = any(star.partition(".")[0] in row.packages for star in self._module.stars)
            return row if not row.sure or is_imported else None
        if row.packages:
            return row if root in row.packages else None
        return row if root else None  # a relative import: the repository has a name like it of its own

    def _named(self, call: ast.Call, row: Call, called: str) -> ast.expr | None:
        """The argument that holds the name."""
        position = row.position
        if called == "from_pretrained" and isinstance(call.func, ast.Attribute):
            owner = self._module.called(call.func.value)
            if owner.startswith("Peft") and len(call.args) > 1:
                position = 1
            if owner.startswith("Peft") and (adapter := _keyword(call, ("model_id",))) is not None:
                return adapter
        named = _keyword(call, row.keywords)
        if named is not None:
            return named
        given = [] if position is None else call.args[: position + 1]
        if position is not None and position < len(given) and not any(isinstance(one, ast.Starred) for one in given):
            return given[position]
        return None

    def _spread(self, call: ast.Call, row: Call, scope: Scope) -> ast.expr | None:
        """The argument that holds the name, out of a list or a mapping that is handed over with `*` or `**`."""
        if row.position is not None and call.args and isinstance(call.args[0], ast.Starred):
            items = self._values.items(call.args[0].value, scope)
            if row.position < len(items):
                return items[row.position]
        for keyword in call.keywords:
            if keyword.arg is None:
                fields = self._values.fields(keyword.value, scope)
                if (found := next((fields[one] for one in row.keywords if one in fields), None)) is not None:
                    return found
        return None

    def _first(self, call: ast.Call, scope: Scope) -> tuple[object, Place]:
        values = self._values.of(call.args[0], scope).values if call.args else ()
        return (values[0] if values else "", self._place(call))

    def _settings(self, call: ast.Call, scope: Scope) -> dict[str, tuple[object, Place]]:
        """The keywords whose value is one constant, those of a nested configuration too."""
        found: dict[str, tuple[object, Place]] = {}
        given = [(keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg is not None]
        for keyword in call.keywords:
            given += self._values.fields(keyword.value, scope).items() if keyword.arg is None else ()
        nested = [value for key, value in given if key in _CONFIGURATIONS and isinstance(value, (ast.Dict, ast.Name))]
        for table in nested:  # LangChain hands the commit on in `model_kwargs`
            written = self._values.fields(table, scope).get("revision")
            given += [("revision", written)] if written is not None else []
        for name_, written in given:
            value = self._configuration(written, scope) if name_ in _CONFIGURATIONS else written
            if isinstance(value, ast.Call) and self._module.called(value.func).endswith("Config"):
                found |= self._settings(value, scope)
                continue
            known = self._values.of(value, scope) if not isinstance(value, ast.Call) else Known(())
            if len(known.values) == 1:
                found[name_] = (known.values[0], self._place(value))
            if isinstance(value, ast.Constant) and isinstance(value.value, bool):
                found[name_] = (value.value, self._place(value))
        return found

    def _configuration(self, node: ast.expr, scope: Scope) -> ast.expr:
        """The call that makes a configuration, where a variable holds it."""
        if not isinstance(node, ast.Name):
            return node
        bound = [one for place in (scope, self._module.scope) for one in place.bindings.get(node.id, ())]
        return bound[-1].value if bound else node

    def _value(
        self,
        value: object,
        node: ast.expr,
        call: ast.Call,
        row: Call,
        called: str,
        given: dict[str, tuple[object, Place]],
        revision: str | None,
    ) -> None:
        if not isinstance(value, str) or not value:
            return
        at = self._place(node)
        prefix, _, rest = value.partition("/")
        if rest and prefix in name.SERVICES and (row.kind is Kind.ASKED or value.count("/") > 1):
            return  # a hosted service's model: nothing of it is in the repository's hands
        read = name.of_ollama(value) if row.ollama else name.understood(value)
        read = self._file_named(read, call, given)
        if row.kind is Kind.ASKED and (read.stands is not Stands.HUB or "/" not in read.model):
            return
        if read.stands is Stands.HUB and self._is_sentence_transformers(called, read.model):
            read = read._replace(model=f"{HUB_OF_DEFAULT_ORG}/{read.model}")
        if called == "create_model" and not value.startswith(("hf_hub:", "hf-hub:")):
            return
        if read.stands is not Stands.HUB:
            if row.needed or read.stands is Stands.LOCAL:
                self._say(value[:60], name.why_not(read), node)
            return
        kind, objective = self._kind(call, row, called)
        found = [Option(key, text, at) for key, text in objective.items()]
        if row.runtime:
            found.append(Option("deployment.runtime", row.runtime, at))
        found += options.serving(given)
        if read.quantization and not any(one.key == "deployment.quantization" for one in found):
            found.append(Option("deployment.quantization", read.quantization, at))
        self._uses.append(Use(read.model, read.revision or revision, kind, at, tuple(found), read.note))

    def _file_named(self, read: Name, call: ast.Call, given: dict[str, tuple[object, Place]]) -> Name:
        """A GGUF file that is asked for out of a repository says how the weights are stored."""
        files = [str(given[key][0]) for key in ("filename", "gguf_file", "model_file") if key in given]
        found = next((name.quantization_of(file.replace("*", "-")) for file in files), "")
        return read._replace(quantization=found) if found else read

    def _is_sentence_transformers(self, called: str, model: str) -> bool:
        if "/" in model or model in BARE_NAMES:
            return False
        row = CALLS.get(called)
        return (
            row is not None
            and row.kind is Kind.EMBEDDER
            and not row.ollama
            and called not in ("TextEmbedding", "Transformer")
        )

    def _kind(self, call: ast.Call, row: Call, called: str) -> tuple[Kind, dict[str, str]]:
        """How it is used, and what that tells of the purpose."""
        objective = {"objective": row.objective} if row.objective else {}
        owner = self._module.called(call.func.value) if isinstance(call.func, ast.Attribute) else ""
        if called in ("from_pretrained", "from_quantized"):
            if owner.endswith(TOKENIZERS):
                return Kind.TOKENIZER, {}
            ends = next((word for word in OBJECTIVES if owner.endswith(word)), None)
            if ends is not None:
                return row.kind, {"objective": OBJECTIVES[ends]}
            if "For" in owner and not owner.startswith(("Peft", "AutoPeft")):
                return row.kind, {"objective": "other", "task": _words(owner.partition("For")[2])}
            if owner.endswith("Pipeline"):
                return row.kind, {"objective": "other", "task": "image-generation"}
        if row.kind is Kind.PIPELINE:
            task = _keyword(call, ("task",)) or (call.args[0] if call.args else None)
            text = task.value if isinstance(task, ast.Constant) and isinstance(task.value, str) else ""
            if text in TASKS:
                return row.kind, {"objective": TASKS[text]}
            return row.kind, {"objective": "other", "task": text} if text else {}
        return row.kind, objective

    def _command(self, call: ast.Call, scope: Scope) -> None:
        """A program that Python starts."""
        first = call.args[0]
        items = self._values.items(first, scope)
        if items:
            known = [self._values.of(item, scope) for item in items]
            argv = [str(one.values[0]) if one.values else "$UNKNOWN" for one in known]
            found = of_argv(argv, lambda _: self._place(first))
        else:
            texts = self._values.of(first, scope).values
            found = Found()
            for text in texts[:1]:
                if isinstance(text, str):
                    found = commands_in(text, {}, lambda _: self._place(first))
        self._uses += found.uses
        self.unresolved += found.unresolved
        self.pins += found.pins

    def trained(self) -> Iterator[Use]:
        """The uses; where the file trains exactly one model, with what it says of the training."""
        calls = [(call, scope) for call, scope in self._module.calls if self._module.called(call.func) in _ARGUMENTS]
        is_training = any(self._module.called(call.func) in _TRAINERS for call, _ in self._module.calls)
        models = {use.model for use in self._uses if use.kind in (Kind.LOADED, Kind.TRAINED)}
        if not is_training or len(models) != 1:
            yield from self._uses
            return
        given: dict[str, tuple[object, Place]] = {}
        adapters = [call for call, _ in calls if self._module.called(call.func) in ("LoraConfig", "get_peft_model")]
        loading = [(call, scope) for call, scope in self._module.calls if _loads(call, self._module)]
        for call, scope in (*calls, *loading):
            given = self._settings(call, scope) | given
        if adapters:
            given["finetuning_type"] = ("lora", self._place(adapters[0]))
        found = options.training(given)
        for use in self._uses:
            if use.model in models and use.kind in (Kind.LOADED, Kind.TRAINED):
                kept = tuple(one for one in use.options if one.key != "deployment.quantization")
                yield use._replace(kind=Kind.TRAINED, options=(*kept, *found))
            else:
                yield use

    def _say(self, what: str, why: str, node: ast.expr) -> None:
        self.unresolved.append(Unresolved(" ".join(what.split()), why, self._place(node)))

    def _place(self, node: ast.expr) -> Place:
        """The place of a node; `col_offset` counts bytes."""
        line = self._lines[node.lineno - 1] if node.lineno <= len(self._lines) else ""
        before = line.encode()[: node.col_offset].decode(errors="replace")
        ends_here = node.end_lineno == node.lineno and node.end_col_offset is not None
        end = node.end_col_offset if ends_here and node.end_col_offset is not None else len(line.encode())
        width = len(line.encode()[node.col_offset : end].decode(errors="replace"))
        return Place(self._source, node.lineno, len(before) + 1, max(width, 1))


def _keyword(call: ast.Call, names: tuple[str, ...]) -> ast.expr | None:
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    return next((given[one] for one in names if one in given), None)


def _is_said(row: Call, known: Known) -> bool:
    """Whether a value that nobody can read is a name: a call that takes loaded models may have been given one."""
    if row.kind is Kind.ASKED or known.why == FROM_MANIFEST:
        return False
    return not row.objects or known.why.startswith(("the command line", "the environment"))


def _loads(call: ast.Call, module: Module) -> bool:
    return module.called(call.func) in ("from_pretrained", *_TRAINERS)


def _words(camel: str) -> str:
    """`SequenceClassification` as `sequence-classification`."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in camel).strip("-")
