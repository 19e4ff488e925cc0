"""The event that GitHub hands to a workflow: no token is sent unless it says that one repository is head and base."""

import json

from checker.hub.endpoint import fork_pull_request
from fuzz.given import SHAPED, json_text
from fuzz.target import folder

LONGEST = 320
_FILE = folder() / "event.json"
_EVENTS = ("pull_request", "pull_request_target", "issue_comment", "workflow_run")
_OF_REQUEST = {
    "pull_request": {"head": {"repo": {"full_name": "acme/bot"}}, "base": {"repo": {"full_name": "acme/bot"}}},
    "repository": {"full_name": "acme/bot"},
}
_PAYLOADS = (
    _OF_REQUEST,
    _OF_REQUEST | {"pull_request": {"head": {"repo": None}, "base": {"repo": {"full_name": "acme/bot"}}}},
    {"issue": {"number": 1}, "repository": {"full_name": "acme/bot"}},
    {"issue": {"pull_request": {}}, "repository": {"full_name": "acme/bot"}},
    {"workflow_run": {"head_repository": {"full_name": "acme/bot"}}, "repository": {"full_name": "acme/bot"}},
)
_KEYS = ("pull_request", "head", "base", "repo", "full_name", "issue", "workflow_run", "head_repository", "repository")
WORDS = tuple(f'"{key}"' for key in _KEYS)


def seeds():
    for number, payload in enumerate(_PAYLOADS):
        for event in range(len(_EVENTS)):
            yield bytes((event,)) + json.dumps(payload).encode()[: LONGEST - 1]
            yield bytes((event,)) + SHAPED + bytes((number, 3, 1, 1, 1, event))


def one(data):
    event = _EVENTS[(data[0] if data else 0) % len(_EVENTS)]
    _FILE.write_bytes(json_text(data[1:], _PAYLOADS, _KEYS))
    why = fork_pull_request({"GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": str(_FILE)})
    assert why.isprintable()
    if why:
        return
    payload = json.loads(_FILE.read_bytes())
    if event == "issue_comment" and "pull_request" not in payload["issue"]:
        assert isinstance(payload["issue"], dict), "what holds no keys was taken for an issue without a pull request"
        return
    if event == "workflow_run":
        head, base = payload["workflow_run"]["head_repository"], payload["repository"]
    else:
        head, base = (payload["pull_request"][side]["repo"] for side in ("head", "base"))
    assert head["full_name"] == base["full_name"], "a token would be sent to a fork"
    assert isinstance(base["full_name"], str), "what names no repository was taken for the same"
