"""The token that this machine has stored, and what the Hub's library keeps beside it: a token, none, or a refusal."""

from unittest.mock import patch

from huggingface_hub import constants
from huggingface_hub.utils import _auth, logging

from checker.hub.token import stored_token
from fuzz.target import folder

LONGEST = 384
WORDS = (
    "hf_abc",
    "\n[",
    "]\n",
    "hf_token = ",
    "refresh_token = ",
    "expires_at = 99999999999",
    "\0",
    "=",
    "%(",
    "\ufeff",
)
_FOLDER = folder()
_PARTED = b"\n---\n"
_MOST = 1024 * 1024
"""Of a file of ours; the library's own list is as long as it may be."""


def seeds():
    yield b"hf_abcdefghijklmnopqrstuvwxyz\n"
    yield b"hf_abc" + _PARTED + b"[me]\nhf_token = hf_abc\nrefresh_token = x\nexpires_at = 99999999999\n"
    yield b"hf_abc" + _PARTED + b"[me]\nhf_token = hf_abc\n[you]\nhf_token = hf_other\nexpires_at = 9\n"
    yield b"two words\nand lines"
    yield b""


def one(data):
    token, _, kept = data.partition(_PARTED)
    (_FOLDER / "token").write_bytes(token)
    (_FOLDER / "stored_tokens").write_bytes(kept)
    spoken = logging.get_verbosity()
    logging.set_verbosity(logging.CRITICAL)
    places = {"HF_TOKEN_PATH": str(_FOLDER / "token"), "HF_STORED_TOKENS_PATH": str(_FOLDER / "stored_tokens")}
    asked = {"_OAUTH_REFRESH_CACHE": None, "refresh_access_token": _no_network}
    try:
        with patch.multiple(constants, **places), patch.multiple(_auth, **asked):
            found = stored_token({"HF_HOME": str(_FOLDER)})
    finally:
        logging.set_verbosity(spoken)
    stated = token.decode("ascii").strip()  # what cannot be sent was refused
    assert found is None if not stated else found == stated
    assert not found or (found.isascii() and found.isprintable() and " " not in found)


def _no_network(token):
    raise OSError("no server is asked here")
