"""Reads command lines: servers that are started with a model, tools that fetch one, trainings that name their base."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import PurePosixPath
from textwrap import dedent

from checker.document.place import Place
from checker.scan import name, options
from checker.scan.name import Name, Stands
from checker.scan.ollama import EMBEDDERS
from checker.scan.programs import PROGRAMS, SHELLS, SWITCHES, TRAINED, WRAPPERS, Program
from checker.scan.use import Found, Kind, Option, Pinned, Unresolved, Use, together

Placed = Callable[[str], Place]
"""The place of a word of the command, as it is written."""

UNKNOWN = "$"
"""Begins a word that holds a variable without a value."""

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::?[-=](?P<default>[^{}]*))?\}|(?P<plain>[A-Za-z_]\w*))")
_SEPARATORS = re.compile(r"(?:&&|\|\||;|(?<![>&|])\||(?<![>&<0-9])&(?![&>0-9]))")


def expanded(text: str, variables: Mapping[str, str], depth: int = 0) -> str:
    """The text with the variables that are known; one that is not stays as it is written."""
    if "$" not in text or depth > 5 or len(text) > 100_000:
        return text

    def value(found: re.Match[str]) -> str:
        known = variables.get(found["braced"] or found["plain"] or "")
        chosen = known if known else found["default"]
        return found.group() if chosen is None else expanded(chosen, variables, depth + 1)

    return _VARIABLE.sub(value, text)


def words_of(text: str) -> list[str] | None:
    """A command's words; None where its quotes do not match."""
    try:
        return shlex.split(text, comments=True, posix=True)
    except ValueError:
        return None


def commands_in(text: str, variables: Mapping[str, str], placed: Placed) -> Found:
    """What the commands of one logical line use."""
    pins = tuple(Pinned(found[1], placed(found[0])) for found in _PINNED.finditer(text))
    argvs = [words_of(part) for part in _parts(_SUBSTITUTED.sub(r"'\g<0>'", text) if pins else text)]
    found = [of_argv([expanded(word, variables) for word in argv], placed) for argv in argvs if argv]
    return together((Found(pins=pins), *found))


_SUBSTITUTED = re.compile(r"(?<![\"'])\$\(weighbridge\s+get[^()]*\)")
_PINNED = re.compile(r"\bweighbridge\s+get\s+[\"']?([A-Za-z_][\w.-]*)\.(?:model|weights\.model)\b")


def _parts(text: str) -> list[str]:
    """The commands of a line; a separator between quotes separates nothing."""
    if not any(mark in text for mark in ";&|"):
        return [text]
    parts, begin, quote = [], 0, ""
    for found in re.finditer(r"\\.|['\"]|" + _SEPARATORS.pattern, text):
        mark = found.group()
        if mark in ("'", '"'):
            quote = "" if quote == mark else quote or mark
        elif not quote and not mark.startswith("\\"):
            parts.append(text[begin : found.start()])
            begin = found.end()
    return [*parts, text[begin:]]


def of_argv(argv: list[str], placed: Placed, depth: int = 0) -> Found:
    """What one command uses.

    Args:
        argv: its words, variables put in where they are known.
        placed: tells where a word stands.
        depth: how many shells are around it.
    """
    words = _unwrapped(argv)
    if not words or depth > 4:
        return Found()
    if words[0] in SHELLS:
        script = next((after for word, after in pairwise(words) if re.fullmatch(r"-[a-z]*c", word)), "")
        return _shell(script, placed, depth)
    if _is_python(words[0]):
        return _python(words[1:], placed, depth)
    if words[0] in ("docker", "podman", "nerdctl") and len(words) > 1:
        return _container(words[1:], placed, depth)
    if words[0] == "kubectl" and "--" in words:
        return of_argv(words[words.index("--") + 1 :], placed, depth + 1)
    if words[0] in ("git", "wget", "curl", "aria2c"):
        return _fetched(words, placed)
    return _program(words, placed)


def _shell(script: str, placed: Placed, depth: int) -> Found:
    from checker.scan.shell import read_text  # which reads commands by this module

    return read_text(script, {}, placed) if depth < 4 else Found()


def _is_python(word: str) -> bool:
    return re.fullmatch(r"(?:.*/)?python[\d.]*|torchrun|deepspeed", word) is not None


def _python(words: list[str], placed: Placed, depth: int) -> Found:
    if "-c" in words[:-1]:
        from checker.document.place import SourceFile
        from checker.scan.python import WORDS, read

        code = dedent(words[words.index("-c") + 1]).lstrip(" ")  # a line that goes on in the next leaves a space
        try:
            found = read(SourceFile("-c", code), lambda _: None)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            said = next((line for line in code.split("\n") if any(word in line for word in WORDS)), None)
            lost = (Unresolved(" ".join(said.split())[:60], _NO_PYTHON, placed(said.strip()), True),) if said else ()
            return Found((), lost)
        at = placed("-c")
        uses = tuple(
            use._replace(at=placed(use.model), options=tuple(one._replace(at=at) for one in use.options))
            for use in found.uses
        )
        return Found(uses, tuple(one._replace(at=at) for one in found.unresolved))
    if "-m" in words[:-1]:
        return of_argv(words[words.index("-m") + 1 :], placed, depth + 1)
    return _trained(words, placed)


_NO_PYTHON = "the program that the command holds is not Python that can be parsed"
_WITHOUT_VALUE = frozenset(
    ("--rm", "-d", "-it", "-i", "-t", "--detach", "--privileged", "--init", "-ti", "--tty", "-dit")
)


def _container(words: list[str], placed: Placed, depth: int) -> Found:
    """`docker run IMAGE …` and `docker exec NAME …`: the image says what program takes the arguments."""
    verb = next((word for word in words[:3] if word in ("run", "exec", "create")), None)
    if verb is None:
        return Found()
    rest = words[words.index(verb) + 1 :]
    environment: dict[str, str] = {}
    index = 0
    while index < len(rest) and rest[index].startswith("-"):
        if rest[index] in ("-e", "--env") and index + 1 < len(rest):
            key, _, value = rest[index + 1].partition("=")
            environment[key] = value
        if rest[index].startswith("--env="):
            key, _, value = rest[index].removeprefix("--env=").partition("=")
            environment[key] = value
        index += 1 if rest[index] in _WITHOUT_VALUE or "=" in rest[index] else 2
    if index >= len(rest):
        return Found()
    if verb == "exec":
        return of_argv(rest[index + 1 :], placed, depth + 1)
    return of_image(rest[index], rest[index + 1 :], environment, placed)


_IMAGES = (
    ("vllm-openai", "vllm serve"),
    ("/vllm:", "vllm serve"),
    ("text-generation-inference", "text-generation-launcher"),
    ("text-embeddings-inference", "text-embeddings-router"),
    ("llama.cpp", "llama-server"),
    ("sglang", "sglang.launch_server"),
    ("infinity", "infinity_emb v2"),
    ("ollama/ollama", "ollama"),
)
_APIS_OF_OLLAMA = ("/api/pull", "/api/generate", "/api/chat")
_BY_ENVIRONMENT = ("MODEL_ID", "HF_MODEL_ID", "LLAMA_ARG_HF_REPO", "INFINITY_MODEL_ID")


def of_image(image: str, argv: list[str], environment: Mapping[str, str], placed: Placed) -> Found:
    """What a container uses: its command, else the variables by which its image is told the model."""
    program = next((program for part, program in _IMAGES if part in image), None)
    found = of_argv(argv, placed) if argv else Found()
    if found.uses or found.unresolved or program is None:
        return found
    words = argv[1:] if argv and argv[0] in ("serve", "v2") else argv
    if program == "ollama":
        return _program(["ollama", *argv], placed) if argv[:1] in (["run"], ["pull"]) else Found()
    if "api_server" in " ".join(argv):
        return Found()
    found = _program([*program.split(), *words], placed)
    if found.uses or found.unresolved:
        return found
    for key in _BY_ENVIRONMENT:
        if value := environment.get(key):
            more = [
                word
                for part, word in (
                    ("MAX_TOTAL_TOKENS", "--max-total-tokens"),
                    ("QUANTIZE", "--quantize"),
                    ("REVISION", "--revision"),
                )
                if part in environment
                for word in (word, environment[part])
            ]
            return _program([*program.split(), *words, "--model-id", value, "--hf-repo", value, *more], placed)
    return Found()


_CLONED = re.compile(r"(?:https?://)?(?:[^@/\s]+@)?(?:huggingface\.co|hf\.co)/(?!datasets/|spaces/|docs/|api/)\S+")


_ASKED_OF_OLLAMA = re.compile(r"[\"'](?:name|model)[\"']\s*:\s*[\"']([^\"'{}]+)[\"']")


def _fetched(words: list[str], placed: Placed) -> Found:
    if any(word.rstrip("/").endswith(_APIS_OF_OLLAMA) for word in words):
        asked = next((found[1] for word in words if (found := _ASKED_OF_OLLAMA.search(word))), None)
        program = PROGRAMS["ollama pull"]
        return _served(program, [asked], placed) if asked else Found()
    if words[0] == "git" and "clone" not in words:
        return Found()
    uses = []
    for word in words[1:]:
        if _CLONED.fullmatch(word):
            read = name.understood(re.sub(r"//[^@/]+@", "//", word))
            if read.stands is Stands.HUB:
                stored = (
                    (Option("deployment.quantization", read.quantization, placed(word)),) if read.quantization else ()
                )
                uses.append(Use(read.model, read.revision, Kind.DOWNLOADED, placed(word), stored))
    return Found(tuple(uses))


def _unwrapped(argv: list[str]) -> list[str]:
    """The command without assignments before it and without programs that only start it."""
    words = list(argv)
    while words and (
        words[0] in WRAPPERS or _ASSIGNMENT.match(words[0]) or words[0] in ("-u", "--frozen", "--no-sync")
    ):
        words.pop(0)
    return words


def flags_of(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """The options by name (`-` as `_`, without the leading dashes) and the plain words."""
    flags: dict[str, str] = {}
    plain: list[str] = []
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        if not word.startswith("-") or word == "-":
            plain.append(word)
            continue
        key, separator, value = word.lstrip("-").partition("=")
        key = key.replace("-", "_")
        if not separator and key not in SWITCHES and index < len(words) and not words[index].startswith("-"):
            value = words[index]
            index += 1
        flags.setdefault(key, value)
    return flags, plain


def _program(words: list[str], placed: Placed) -> Found:
    base = PurePosixPath(words[0]).name
    base = "llama-server" if base in ("server", "main") and words[0].startswith(("./", "/")) else base
    for taken in (2, 1):
        program = PROGRAMS.get(" ".join([base, *words[1:taken]]))
        if program is not None:
            rest = words[taken:]
            if rest[:1] == ["api_server"]:
                rest = rest[1:]
            return _served(program, rest, placed)
    return _trained(words[1:], placed)


def _served(program: Program, words: list[str], placed: Placed) -> Found:
    flags, plain = flags_of(words)
    if flags.get("repo_type") in ("dataset", "space"):
        return Found()
    written = next((flags[flag] for flag in program.flags if flags.get(flag)), None)
    if written is None and program.position and plain:
        written = plain[0]
    if written is None:
        return Found()
    at = placed(written)
    if "weighbridge get" in written:
        return Found()  # the manifest names it
    if UNKNOWN in written or "\ue100" <= written[:1] <= "\uefff":
        what = written if UNKNOWN in written else "{{ … }}"
        return Found((), (Unresolved(what, "a variable without a value here", at),))
    tagged = program.runtime == "llama.cpp" and re.fullmatch(r"[\w.-]+/[\w.-]+:[\w.-]+", written) is not None
    read = name.of_ollama(written) if program.ollama else name.understood(f"hf.co/{written}" if tagged else written)
    if read.stands is not Stands.HUB:
        return Found((), (Unresolved(written[:60], name.why_not(read), at),))
    objective = "similarity" if program.ollama and written.partition(":")[0] in EMBEDDERS else program.objective
    if {"runner", "task"} & set(flags) and {flags.get("runner"), flags.get("task")} & {"pooling", "embed", "embedding"}:
        objective = "similarity"
    found = [Option("objective", objective, at)] if objective else []
    if program.runtime:
        found.append(Option("deployment.runtime", program.runtime, at))
    if "c" in flags and program.runtime == "llama.cpp":
        flags.setdefault("ctx_size", flags["c"])
    found += options.serving({key: (value, at) for key, value in flags.items()})
    stored = read.quantization or name.quantization_of(flags.get("hf_file", flags.get("hff", "")))
    if stored and not any(one.key == "deployment.quantization" for one in found):
        found.append(Option("deployment.quantization", stored, at))
    use = Use(read.model, read.revision or flags.get("revision"), program.kind, at, tuple(found), read.note)
    return Found((use, *_drafting(program, flags, placed)))


_DRAFTS = ("speculative_config.model", "speculative_model", "model_draft", "md", "hf_repo_draft", "hfd")


def _drafting(program: Program, flags: dict[str, str], placed: Placed) -> Iterator[Use]:
    """The smaller model that drafts tokens for the served one."""
    for written in (flags[flag] for flag in _DRAFTS if flags.get(flag)):
        read = name.understood(written)
        if read.stands is Stands.HUB:
            yield Use(read.model, read.revision, program.kind, placed(written), (), read.note)


def _trained(words: list[str], placed: Placed) -> Found:
    """Any program with `--model_name_or_path` and the like."""
    flags, _ = flags_of(words)
    written = next((flags[flag] for flag in TRAINED if flags.get(flag)), None)
    if written is None:
        return Found()
    at = placed(written)
    if UNKNOWN in written:
        return Found((), (Unresolved(written[:60], "a variable without a value here", at),))
    read: Name = name.understood(written)
    if read.stands is not Stands.HUB:
        return Found()
    settings: dict[str, tuple[object, Place]] = {key: (value, at) for key, value in flags.items()}
    found = options.training(settings)
    kind = Kind.TRAINED if found else Kind.LOADED
    return Found((Use(read.model, flags.get("model_revision", flags.get("revision")), kind, at, found),))


def _begin(program: str) -> str:
    """What tells a program in a text: its first word, but for one that is hardly a word."""
    first = program.partition(" ")[0]
    return first if len(first) > 3 else program


WORDS = tuple(
    {
        *map(_begin, PROGRAMS),
        *("./server", "./main"),  # of llama.cpp, by their older names
        *TRAINED,
        *(flag.replace("_", "-") for flag in TRAINED),
        *(part for part, _ in _IMAGES),
        *_BY_ENVIRONMENT,
        *_APIS_OF_OLLAMA,
        *("huggingface.co", "hf.co", "weighbridge get"),
    }
)
"""Commands without any of these use no model that this reader would find, but by a program in Python."""
