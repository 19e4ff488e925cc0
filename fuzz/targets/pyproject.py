"""A pyproject.toml, of which `[tool.weighbridge]` alone counts: a pack, a file of the repository, or a refusal."""

import tomllib
from pathlib import Path

from checker.policy.choose import _named_by_project
from checker.policy.extends import PACK_PREFIX
from fuzz.target import folder

LONGEST = 384
WORDS = (
    *("[tool.weighbridge]\n", "policy = ", '"weighbridge:enterprise"', '"policy.yaml"', '"../policy.yaml"', '"/etc"'),
    *("[tool]\n", "weighbridge = ", "{policy = 1}", "tool.weighbridge.policy = ", '"\\u0077eighbridge"', "'''", '"""'),
    *('"', "\\u0000", "[[tool]]\n", "= 1e9", "0x", "1979-05-27", "#", "\r\n", "\r", "nan", "[" * 20, "{a=" * 20),
)
_FOLDER = folder()
_FILE = _FOLDER / "pyproject.toml"


def seeds():
    yield b'[project]\nname = "a"\n\n[tool.weighbridge]\npolicy = "policy.yaml"\n'
    yield b'[tool.weighbridge]\npolicy = "weighbridge:enterprise"\n'
    yield b'tool = {weighbridge = {policy = "a/../b.yaml"}}\n'
    yield b'"tool".\'weighbridge\'.policy = "../out.yaml"\n'
    yield b'tool."\\u0077eighbridge".policy = """a.yaml"""\n'


def one(data):
    _FILE.write_bytes(data)
    (_FOLDER / "link").unlink(missing_ok=True)
    (_FOLDER / "link").symlink_to("/etc")
    named = _named_by_project(_FILE)
    stated = _stated(data)
    if named is None:
        assert stated is None, "a policy that the project names was passed over"
    elif named.startswith(PACK_PREFIX):
        assert named == stated
    else:
        assert Path(named).resolve().is_relative_to(_FOLDER.resolve())
        assert named == (_FOLDER / stated).as_posix()


def _stated(data):
    """As any reader of TOML has it; only asked where ours refused nothing."""
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert "weighbridge" not in text, "no TOML, and it may name a policy"
        return None
    for key in ("tool", "weighbridge", "policy"):
        found = found.get(key) if isinstance(found, dict) else None
    return found
