"""What git prints of a repository that somebody else made: each path, file and author is read as it was put in."""

from contextlib import ExitStack
from hashlib import sha1
from unittest.mock import patch

from checker import git
from checker.document.inside import is_plain
from checker.git import decoded
from checker.since import change
from checker.waivers import history
from fuzz.given import Given

LONGEST = 256
_MODES = (b"100644", b"100755", b"120000", b"160000", b"040000")
_PIECES = (
    *(b"model.yaml", b"/", b"..", b".git", b"\n", b"\r", b"\t", b" ", b"\xff", b"\xc3\xa9", b"'", b'"', b"\\", b":"),
    *(
        b"a" * 40,
        b"0" * 40,
        b" 1 1 1\n",
        b"boundary",
        b"blob 3",
        b"100644 blob ",
        b"missing",
        b"\x1b[31m",
        b"\xe2\x80\xa8",
    ),
)
_STATUS = (b"M", b"A", b"D", b"T", b"U")
_WHERE = git.Path("/nowhere")


def seeds():
    for number in range(1, 6):
        yield bytes(range(number, 96 + number))
        yield bytes((number,)) * 48


def one(data):
    given = Given(data)
    files = {}
    for _ in range(given.below(5)):
        path = _text(given) or b"a"
        files[path] = (given.one_of(_MODES), _text(given))
    _tree(files)
    _contents(files)
    _changes(files, given)
    _blamed(given)
    _authors(given)


def _text(given):
    parts = [given.one_of(_PIECES) if given.below(4) else bytes((given.below(256),)) for _ in range(given.below(5))]
    return b"".join(parts).replace(b"\0", b"")


def _blob(content):
    return sha1(b"blob %d\0%b" % (len(content), content)).hexdigest()


def _answering(*modules, answer):
    stack = ExitStack()
    for module in modules:
        stack.enter_context(patch.object(module, "git", answer))
    return stack


def _tree(files):
    kinds = {b"160000": b"commit", b"040000": b"tree"}
    printed = b"".join(
        b"%b %b %b\t%b\0" % (mode, kinds.get(mode, b"blob"), _blob(content).encode(), path)
        for path, (mode, content) in files.items()
    )
    with _answering(git, answer=lambda *_, **__: printed):
        found = list(git.tree(_WHERE, "a" * 40))
    regular = {decoded(path): _blob(content) for path, (mode, content) in files.items() if mode in git.REGULAR}
    assert dict(found) == {path: blob for path, blob in regular.items() if is_plain(path)}
    for path, _ in found:
        assert not path.startswith("/")
        assert ".." not in path.split("/")


def _contents(files):
    """Blobs by their sizes, then their bytes, which may look like the line before another."""
    held = {_blob(content).encode(): content for _, content in files.values()}

    def answer(_, command, how, given):
        asked = given.split()
        heads = [b"%b blob %d\n" % (blob, len(held[blob])) for blob in asked]
        whole = how == "--batch"
        return b"".join(head + held[blob] + b"\n" if whole else head for head, blob in zip(heads, asked, strict=True))

    blobs = {decoded(path): _blob(content) for path, (_, content) in files.items()}
    with _answering(git, answer=answer):
        found = dict(git.read_files(_WHERE, blobs, 20))
    for path, (_, content) in files.items():
        assert found[decoded(path)] == (content if len(content) <= 20 else git.TooLarge(20))


def _changes(files, given):
    printed, expected = b"", []
    for path, (mode, content) in files.items():
        before, status = given.one_of(_MODES), given.one_of(_STATUS)
        after = b"000000" if status == b"D" else mode
        blob = _blob(content).encode()
        printed += b":%b %b %b %b %b\0%b\0" % (before, after, blob, b"0" * 40, status, path)
        expected.append((decoded(path), blob.decode() if before in git.REGULAR else None, status == b"D"))
    found = list(change._changed(printed))
    assert [(one.path, one.blob, one.is_deleted) for one in found] == expected
    untracked = b"".join(path + b"\0" for path in files)
    assert list(change._paths(untracked)) == [decoded(path) for path in files]


def _blamed(given):
    """As `git blame --porcelain` has it: each line behind a tab, a summary and names that are somebody's words."""
    printed, expected = b"", {}
    for number in range(1, 2 + given.below(4)):
        sha = _blob(bytes((given.below(3),)))
        said = [_text(given).replace(b"\n", b" ") for _ in range(4)]
        printed += b"%b %d %d 1\n" % (sha.encode(), given.below(9) + 1, number)
        printed += b"author %b\nauthor-mail <%b>\nsummary %b\nfilename waivers.yaml\n\t%b\n" % tuple(said)
        expected[number] = sha
    lines, known = history._read(printed, bool(given.below(2)))
    assert lines == expected
    assert known == set(expected.values())


def _authors(given):
    shas = sorted({_blob(bytes((number,))) for number in range(given.below(4))})
    names = {sha: (_text(given).replace(b"\n", b""), _text(given).replace(b"\n", b"")) for sha in shas}
    printed = b"\0".join(b"%b\0%b\0%b" % (sha.encode(), *names[sha]) for sha in shas) + b"\0"
    with _answering(history, answer=lambda *_, **__: printed):
        found = history._authors(_WHERE, shas)
    assert found.keys() == names.keys()
    for sha, commit in found.items():
        assert (commit.name, commit.address) == tuple(one.decode("utf-8", "replace") for one in names[sha])
