"""Reads shell scripts, Dockerfiles and Modelfiles line by line: variables are followed, nothing is run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from checker.document.place import Place, SourceFile
from checker.scan import name, options
from checker.scan.command import Placed, commands_in, expanded, of_argv, of_image, words_of
from checker.scan.name import Stands
from checker.scan.quotes import MAX_TEXT, Line, each_alone, followed, heredoc_in
from checker.scan.use import Found, Kind, Option, Unresolved, Use, together
from checker.scan.words import SCRIPT

_ASSIGNED = re.compile(
    r"\s*(?:export\s+|local\s+|readonly\s+|declare\s+(?:-\w+\s+)?|typeset\s+)?([A-Za-z_]\w*)=(.*)", re.DOTALL
)
_DEFAULTED = re.compile(r'\s*:\s+"?\$\{(\w+):?=([^{}]*)\}"?\s*')
_LOOPED = re.compile(r"(?:^|[;&|(])\s*for\s+(\w+)\s+in\s+([^;\n]+)")
_RUNS_PYTHON = re.compile(r"(?i)py\w*[\"'}]*\s+-\s*$|python[\d.]*[\"'}]*\s*-?\s*$")
_LONG = f"it is longer than {MAX_TEXT:,} characters, and not read"
_MAX_ITEMS = 32
"""Turns of one loop that are followed."""


def read(source: SourceFile) -> Found:
    """What a shell script uses."""
    return together((_script(_logical(source), {}), _too_long(source)))


def read_each(source: SourceFile) -> Found:
    """What lines use that a shell is given one by one, such as those of a recipe: the lines that are indented."""
    lines: list[Line] = []
    unresolved: list[Unresolved] = []
    for line in _logical(source):
        command = each_alone([line] if line[0][:1].isspace() else [])
        lines += command.lines or [line]
        unresolved += command.unresolved
    return together((*_of_lines(lines, {}), Found((), tuple(unresolved)), _too_long(source)))


def read_text(script: str, variables: Mapping[str, str], placed: Placed) -> Found:
    """What a script inside another file uses."""
    found = _script(_lines_of(script, placed), dict(variables))
    long = _too_long(SourceFile("script", script)).unresolved
    return together((found, Found((), tuple(one._replace(at=placed(one.what.partition(" ")[0])) for one in long))))


def read_other(source: SourceFile) -> Found:
    """What the lines of a script use whose quotes follow other rules, such as those of PowerShell."""
    return together((*_of_lines(_logical(source), {}), _too_long(source)))


def read_prose(text: str, variables: Mapping[str, str], placed: Placed) -> Found:
    """What the lines of a text use that may be a script or anything else: a quote in it may be an apostrophe."""
    return together(_of_lines(_lines_of(text, placed), dict(variables)))


def _lines_of(text: str, placed: Placed) -> Iterator[Line]:
    return ((line, placed) for line, _ in _logical(SourceFile("script", text)))


def _script(lines: Iterable[Line], variables: dict[str, str]) -> Found:
    script = followed(lines)
    return together((*_of_lines(script.lines, variables), Found((), tuple(script.unresolved))))


def _of_lines(lines: Iterable[Line], variables: dict[str, str]) -> Iterator[Found]:
    heredoc = ""
    script: list[Line] = []
    is_python = False
    loops: dict[str, list[str]] = {}
    for text, placed in lines:
        if heredoc and text.strip() != heredoc:
            script.append((text, placed))
            continue
        if heredoc:
            if is_python:
                yield _python(script, variables)
            heredoc, script = "", []
            continue
        if found := heredoc_in(text):
            heredoc, is_python = found[2], _RUNS_PYTHON.search(text[: found.start()]) is not None
        if found := _DEFAULTED.fullmatch(text):
            variables.setdefault(found[1], found[2])
        elif (found := _ASSIGNED.fullmatch(text)) and (words := words_of(text.strip())) is not None and len(words) <= 2:
            _assign(found, variables)
        elif found := _LOOPED.search(text):
            loops[found[1]] = expanded(found[2], variables).replace('"', "").split()[:_MAX_ITEMS]
        looped = next((one for one in loops if re.search(rf"\$\{{?{one}\b", text)), None)
        for value in loops[looped] if looped else [""]:
            yield commands_in(text, {**variables, looped: value} if looped else variables, placed)


def _python(script: list[Line], variables: Mapping[str, str]) -> Found:
    """A program in Python that a script holds."""
    code = "\n".join(expanded(text, variables) for text, _ in script)

    def placed(word: str) -> Place:
        holding = next((where for text, where in script if word in text), script[0][1])
        return holding(word)

    return of_argv(["python", "-c", code], placed) if script else Found()


def _assign(found: re.Match[str], variables: dict[str, str]) -> None:
    words = words_of(found[2].strip())
    if words:
        value = expanded(words[0], {key: text for key, text in variables.items() if key != found[1]})
        own = re.fullmatch(r"\$\{\d+:?-(.*)\}", value)  # `MODEL=${1:-default}`: the script's own argument
        variables[found[1]] = own[1] if own else value


def _logical(source: SourceFile) -> Iterator[Line]:
    """Commands that are short enough to be read."""
    return (line for line in _commands(source) if len(line[0]) <= MAX_TEXT)


def _too_long(source: SourceFile) -> Found:
    """The commands that are not, and that may use a model by a word that they hold."""
    if len(source.text) <= MAX_TEXT:
        return Found()
    long = ((text, placed) for text, placed in _commands(source) if len(text) > MAX_TEXT)
    lost = (
        Unresolved(" ".join(text[:200].split())[:60], _LONG, placed(""), is_unread=True)
        for text, placed in long
        if SCRIPT.are_in_parts([text.encode("utf-8", "replace")])
    )
    return Found((), tuple(lost))


def _commands(source: SourceFile) -> Iterator[Line]:
    """Lines with those that they go on in, and where their words stand; none that is a comment."""
    lines = source.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    index = 0
    while index < len(lines):
        first, parts = index, list[str]()
        while index < len(lines):
            line = lines[index]
            index += 1
            if parts and line.lstrip().startswith("#"):
                continue  # a comment between the parts of a command
            ends = line.rstrip().endswith(("\\", "`")) and len(line.rstrip()) > 1
            parts.append(line.rstrip()[:-1] if ends else line)
            if not ends:
                break
        text = " ".join(parts)
        if not text.strip().startswith("#"):
            yield text, _finder(source, lines, first, index)


def _finder(source: SourceFile, lines: list[str], first: int, end: int) -> Placed:
    """Finds a word in the lines of one command; where a variable stands for it, the command's first line it is."""

    def placed(word: str) -> Place:
        for number in range(first, end):
            column = lines[number].find(word) if word else -1
            if column >= 0:
                return Place(source, number + 1, column + 1, len(word))
        start = len(lines[first]) - len(lines[first].lstrip())
        return Place(source, first + 1, start + 1, max(len(lines[first].strip()), 1))

    return placed


def read_dockerfile(source: SourceFile) -> Found:
    """What a Dockerfile uses: its commands, and its last ENTRYPOINT and CMD in the image that it builds on."""
    variables: dict[str, str] = {}
    image = ""
    entry: list[str] = []
    command: list[str] = []
    found: list[Found] = []
    last: Placed | None = None
    script, is_handed = "", False
    body: list[Line] = []
    lines = tuple(_logical(source))
    marks = frozenset(text.strip() for text, _ in lines)
    for text, placed in lines:
        if script:  # `RUN <<EOF`: the lines up to the word are the script, or what its command is handed
            if text.strip() != script or is_handed:
                body.append((text, placed))
            if text.strip() == script:
                found.append(_script(body, dict(variables)))
                script, body = "", []
            continue
        instruction, _, rest = text.strip().partition(" ")
        instruction, rest = instruction.upper(), rest.strip()
        if instruction == "FROM":
            image = next((word for word in rest.split() if not word.startswith("--")), "")
        elif instruction in ("ENV", "ARG"):
            _declare(rest, variables)
        elif instruction == "RUN" and (begins := heredoc_in(rest)) and (rest.startswith("<<") or begins[2] in marks):
            script, is_handed = begins[2], not rest.startswith("<<")
            body = [(rest, placed)] if is_handed else []
        elif instruction == "RUN":
            argv = _exec_form(rest)
            found.append(of_argv(argv, placed) if argv else read_text(rest, variables, placed))
        elif instruction == "ENTRYPOINT":
            entry, command, last = _words(rest, variables), [], placed
            found.append(_unread(rest, placed))
        elif instruction == "CMD":
            command, last = _words(rest, variables), placed
            found.append(_unread(rest, placed))
    found += [_script(body, dict(variables)), _too_long(source)]
    argv = [*entry, *command]
    where = last or (lambda word: _anywhere(source, word))
    found.append(of_image(image, argv, variables, _either(source, where)) if image else of_argv(argv, where))
    return together(iter(found))


def _unread(rest: str, placed: Placed) -> Found:
    """Whether the words of a command are not known."""
    return Found((), tuple(each_alone([] if _exec_form(rest) else [(rest, placed)]).unresolved))


def _either(source: SourceFile, placed: Placed) -> Placed:
    """Where a word stands in the last command, else wherever it stands first."""

    def where(word: str) -> Place:
        at = placed(word)
        return at if at.written == word else _anywhere(source, word)

    return where


def _anywhere(source: SourceFile, word: str) -> Place:
    for number, line in enumerate(source.text.split("\n"), start=1):
        column = line.find(word)
        if word and column >= 0:
            return Place(source, number, column + 1, len(word))
    return Place(source, 1, 1)


def _declare(rest: str, variables: dict[str, str]) -> None:
    words = words_of(rest) or []
    if words and "=" not in words[0]:  # `ENV KEY value`
        words = [f"{words[0]}={' '.join(words[1:])}"] if len(words) > 1 else []
    for word in words:
        key, separator, value = word.partition("=")
        if separator:
            variables[key] = expanded(value, variables)


def _exec_form(rest: str) -> list[str]:
    if not rest.startswith("["):
        return []
    try:
        words = json.loads(rest)
    except (ValueError, RecursionError):
        return []
    return [str(word) for word in words] if isinstance(words, list) else []


def _words(rest: str, variables: Mapping[str, str]) -> list[str]:
    words = _exec_form(rest)
    if words:
        return [expanded(word, variables) for word in words]
    if any(mark in rest for mark in ";&|"):
        return ["sh", "-c", expanded(rest, variables)]
    return [expanded(word, variables) for word in words_of(rest) or []]


def read_modelfile(source: SourceFile) -> Found:
    """What a Modelfile of Ollama is made from."""
    made: tuple[str, Place] | None = None
    settings: dict[str, tuple[object, Place]] = {}
    for text, placed in _logical(source):
        words = text.split()
        if len(words) > 1 and words[0].upper() == "FROM":
            made = (words[1], placed(words[1]))
        elif len(words) > 2 and words[0].upper() == "PARAMETER":
            settings[words[1]] = (words[2], placed(words[2]))
    if made is None:
        return Found()
    written, at = made
    read = name.of_ollama(written)
    if read.stands is not Stands.HUB:
        why = read.note or "a local path: which model lies there, nobody says"
        return Found((), (Unresolved(written[:60], why, at),))
    found = [Option("objective", "chat", at), *options.serving(settings)]
    if read.quantization:
        found.append(Option("deployment.quantization", read.quantization, at))
    return Found((Use(read.model, read.revision, Kind.SERVED, at, tuple(found), read.note),))
