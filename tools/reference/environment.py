"""The page of environment variables: what is said of each, and a search for those that the code asks for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import checker
from tools.reference.markdown import code, table

_HUB = "`lock`"
_FORKS = "`lock`: whether somebody outside wrote what is judged, so that no token is sent"
_HOST = "formats for code hosts, `attest`, `audit` and `check --record`: which repository, commit and run this is"
_GIT = "handed on to git where `lock` fetches layers of a policy: programs, temporary files, certificates and proxies"
VARIABLES = {
    "WEIGHBRIDGE_POLICY": "the organisation's policy, where no `--policy` names one; set and empty is an error. "
    "Not read by [Python's `check`](python.md#check)",
    "WEIGHBRIDGE_KEY_PASSPHRASE": "`attest`: the passphrase of the private key",
    "SOURCE_DATE_EPOCH": "`bom`: the time that the document carries, in seconds since 1970-01-01",
    "COLUMNS": "the width of the terminal, for `--help` and for the questions of `init`",
    "NO_COLOR": "`check`, `scan` and `init`: no colours and no emphasis, unless it is empty; `--color` goes before it",
    "FORCE_COLOR": "the same commands: colours where no terminal is seen, such as in the log of a CI",
    "TERM": "the same commands: none where it is `dumb`; set on Windows, the terminal is taken for one that shows them",
    "WT_SESSION": "the same commands: set by Windows Terminal, which shows colours",
    "HF_TOKEN": f"{_HUB}: the token for the Hub, sent to the endpoint alone; else the one that this machine has stored",
    "HUGGING_FACE_HUB_TOKEN": f"{_HUB}: the same, where `HF_TOKEN` is not set",
    "HF_OIDC_RESOURCE": f"{_HUB}: for what the Hub's client is to exchange an identity of the CI service for a token",
    "HF_TOKEN_PATH": f"{_HUB}: the file of the token that this machine has stored",
    "HF_HUB_USER_AGENT_ORIGIN": f"{_HUB}: what each request says of its origin, in ASCII",
    **dict.fromkeys(
        ("HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT"),
        f"{_HUB}: nothing, but the Hub's client asks for a whole number there; `--timeout` counts",
    ),
    "http_proxy": f"{_HUB}: the proxy to an endpoint whose address begins with `http:`; `HTTP_PROXY` too",
    "SSLKEYLOGFILE": f"{_HUB}: where certificates are named, the file that the keys of connections are written to",
    "HF_ENDPOINT": f"{_HUB}: another server than the Hub, such as a mirror",
    "HF_HUB_OFFLINE": f"{_HUB}: 1 asks no server",
    "TRANSFORMERS_OFFLINE": f"{_HUB}: the same",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": f"{_HUB}: 1 sends no token",
    "HF_HUB_CACHE": f"{_HUB} with `--from-cache`: the folder of the cache",
    "HUGGINGFACE_HUB_CACHE": f"{_HUB} with `--from-cache`: the same, where `HF_HUB_CACHE` is not set",
    "HF_HOME": f"{_HUB} with `--from-cache`: the folder whose `hub` is the cache, where neither is set",
    "XDG_CACHE_HOME": f"{_HUB} with `--from-cache`: the folder of caches, where `HF_HOME` is not set",
    **dict.fromkeys(
        (
            *("GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID"),
            *("CI_MERGE_REQUEST_PROJECT_ID", "BUILDKITE_PULL_REQUEST_REPO", "BUILDKITE_REPO"),
            *("TRAVIS_PULL_REQUEST_SLUG", "TRAVIS_REPO_SLUG", "APPVEYOR_PULL_REQUEST_HEAD_REPO_NAME"),
            *("APPVEYOR_REPO_NAME", "SYSTEM_PULLREQUEST_ISFORK", "CIRCLE_PR_REPONAME", "CHANGE_FORK"),
        ),
        _FORKS,
    ),
    **dict.fromkeys(
        (
            *("GITHUB_ACTIONS", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA", "GITHUB_REF_NAME"),
            *("GITHUB_RUN_ID", "CI_PROJECT_URL", "CI_COMMIT_SHA", "CI_COMMIT_REF_NAME", "CI_JOB_URL"),
        ),
        _HOST,
    ),
    **dict.fromkeys(
        (
            *("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR"),
            *("GIT_SSL_CAINFO", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"),
        ),
        _GIT,
    ),
}
"""What each variable does."""

HEAD = """\
# Environment variables

No other variable changes what Weighbridge does. A verdict depends on the first one alone, and every report says so
(`chosen by WEIGHBRIDGE_POLICY`). What git reads by itself it reads here too.

"""


def page() -> str:
    """The page; variables that do the same share a line."""
    lines: dict[str, list[str]] = {}
    for name, meaning in VARIABLES.items():
        lines.setdefault(meaning, []).append(code(name))
    return HEAD + table(("variable", "what it does"), ((", ".join(names), meaning) for meaning, names in lines.items()))


def asked_for() -> set[str]:
    """The variables whose names stand in code that reads the environment."""
    found: set[str] = set()
    for file in Path(checker.__file__).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if "environ" in text and "scan" not in file.parts:  # a scan looks for variables of others in text
            found.update(_names(ast.parse(text)))
    return found


_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+_proxy")


def _names(tree: ast.Module) -> Iterator[str]:
    given = {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}  # set for others
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in given else None
        if isinstance(text, str) and _VARIABLE.fullmatch(text):
            yield text
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "_KEPT" for target in node.targets):
            yield from ast.literal_eval(node.value)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "get"
            and node.args
        ):
            of_environment = getattr(node.func.value, "attr", getattr(node.func.value, "id", "")) == "environ"
            if of_environment and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)
