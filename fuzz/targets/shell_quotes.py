"""Quotes over the lines of a script: what is one command stays one, and where one does not close somebody is told."""

import shlex

from checker.document.place import NOWHERE
from checker.scan.command import words_of
from checker.scan.quotes import each_alone, followed, heredoc_in
from fuzz.target import source

LONGEST = 256
WORDS = (
    *("'", '"', "$'", "\\", "\\'", '\\"', "$(", ")", "(", "#", " #", "\n", "<<EOF\n", "<<-'EOF'\n", "\nEOF\n", "<<<"),
    *("((1 << 2))", "echo ", "vllm serve acme/one", "$(cat <<EOF\n", "`", ";", "&&", "|", "\t", '"$(echo "a")"'),
)
_MARKS = frozenset("$#<()`\\")
"""Where none of these is, quotes are what the standard library takes for them, too."""


def seeds():
    yield b"bash -c 'vllm serve acme/one\n  --model a/b'\necho \"a\nb\"\n"
    yield b'echo "$(echo "a b")" \\\n  \'it\'\n'
    yield b"cat <<EOF\nit's\nEOF\nvllm serve 'a/b'\n"
    yield b"echo $'it\\'s' # don't\n(echo 'a'\n)\n"
    yield b"echo 'never closed\nvllm serve a/b\n"


def one(data):
    text = source(data, "a.sh").text
    lines = [(line, lambda word: NOWHERE) for line in text.split("\n")]
    for found in (followed(lines), each_alone(lines)):
        texts = [line for line, _ in found.lines]
        stay = iter(texts)
        assert all(line in stay for line, _ in lines), "a line is gone"
        for unresolved in found.unresolved:
            assert unresolved.why
            assert len(unresolved.what) <= 60
    whole = followed(lines)
    more = [line for line, _ in whole.lines]
    for line, _ in lines:
        more.remove(line)
    for command in more:
        assert words_of(command) is not None, "what nobody can split was handed on"
    if not _MARKS & set(text):
        assert not heredoc_in(text)
        assert _closed(text) == (not whole.unresolved), "a quote that does not close, and nobody is told"


def _closed(text):
    try:
        shlex.split(text, comments=False, posix=True)
    except ValueError:
        return False
    return True
