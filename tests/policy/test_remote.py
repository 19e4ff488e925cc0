"""A layer on another host: which lines name one, and that a check reads the vendored copy alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from checker.document.errors import InputError, render_problem
from checker.document.place import NOWHERE, At
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy
from checker.policy.remote import RemoteLayer, parse_remote

COMMIT, DIGEST = "c" * 40, "d" * 64
LINE = f"git+https://git.example.com/acme/policies@{COMMIT}#sha256={DIGEST}:base/policy.yaml"
BASE = "policy: base\nversion: 1\nrules: {license-known: soft-mandatory}\n"


def test_a_line_names_host_repository_commit_digest_and_path():
    assert parse_remote(At(LINE, NOWHERE)) == RemoteLayer(
        "git.example.com", "https://git.example.com/acme/policies", COMMIT, DIGEST, "base/policy.yaml"
    )
    with_port = parse_remote(At(LINE.replace(".com/", ".com:8443/"), NOWHERE))
    assert (with_port.host, with_port.url) == ("git.example.com:8443", "https://git.example.com:8443/acme/policies")
    assert with_port.copy == f"weighbridge-vendored/{DIGEST}.yaml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("git+https", "git+http"),
        ("git+https", "git+ssh"),
        ("git+https", "git+file"),
        ("git+https://", "git+https:/"),
        ("git.example.com", "user@git.example.com"),
        ("git.example.com", "user:password@git.example.com"),
        ("git.example.com", "GIT.example.com"),
        ("git.example.com", "-oProxyCommand=x"),
        ("git.example.com", "git..example.com"),
        ("git.example.com", "git.example.com:port"),
        ("git.example.com", "gít.example.com"),
        ("/acme", "/../acme"),
        ("/acme", "/-acme"),
        ("/acme", "/.acme"),
        ("/acme", "//acme"),
        ("policies@", "policies?x=1@"),
        ("policies@", "policies%2e@"),
        (COMMIT, "main"),
        (COMMIT, "c" * 39),
        (COMMIT, "C" * 40),
        (COMMIT, f"{COMMIT} --upload-pack=x"),
        (DIGEST, "d" * 63),
        ("#sha256=", "#sha1="),
        (f"#sha256={DIGEST}", ""),
        (":base/", ":/base/"),
        (":base/", ":../base/"),
        (":base/", ":base/../"),
        (":base/", ":-base/"),
        (":base/", ":base\\"),
        (":base/policy.yaml", ""),
        ("policy.yaml", "policy.yaml\n"),
        ("policy.yaml", "policy.lock"),
    ],
)
def test_a_line_of_another_form_is_refused(old, new):
    assert old in LINE
    with pytest.raises(InputError, match="this names no policy file of a repository"):
        parse_remote(At(LINE.replace(old, new, 1), NOWHERE))


def line_for(content: str) -> str:
    return LINE.replace(DIGEST, hashlib.sha256(content.encode()).hexdigest())


def put(tmp_path: Path, extends: str, *copies: str) -> Path:
    policy = tmp_path / "policy.yaml"
    policy.write_text(f"policy: acme\nversion: 2\nextends: '{extends}'\nrules: {{license-allowed: advisory}}\n")
    for content in copies:
        copy = tmp_path / parse_remote(At(line_for(content), NOWHERE)).copy
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(content.encode())
    return policy


def loaded(policy: Path):
    return load(Choice(policy.as_posix(), ChosenBy.OPTION), None)


def problem(policy: Path) -> str:
    with pytest.raises(InputError) as caught:
        loaded(policy)
    return "\n".join(render_problem(one) for one in caught.value.problems)


def test_the_vendored_copy_is_a_layer(tmp_path):
    policy = loaded(put(tmp_path, line_for(BASE), BASE))
    assert set(policy.rules) == {"license-known", "license-allowed"}
    assert [layer.name for layer in policy.layers] == [line_for(BASE), (tmp_path / "policy.yaml").as_posix()]


def test_a_layer_may_extend_packs_and_further_layers(tmp_path):
    top = f"policy: top\nversion: 1\nextends: ['{line_for(BASE)}', 'weighbridge:starter']\n"
    policy = loaded(put(tmp_path, line_for(top), top, BASE))
    assert "benchmark-floor" in policy.rules


def test_without_its_copy_a_policy_cannot_be_used(tmp_path):
    said = problem(put(tmp_path, LINE))
    assert f"no vendored copy of https://git.example.com/acme/policies at {COMMIT[:12]} lies beside this policy" in said
    assert "run `weighbridge lock --allow-host git.example.com`, which fetches it" in said


def test_a_copy_with_another_digest_is_refused(tmp_path):
    policy = put(tmp_path, line_for(BASE), BASE)
    next((tmp_path / "weighbridge-vendored").iterdir()).write_text(BASE.replace("soft", "hard"))
    assert "does not have the digest that this line states" in problem(policy)


@pytest.mark.parametrize(
    "stated", ["extends: ./other.yaml", "extends: [weighbridge:starter, ../x.yaml]", "facts: a.lock"]
)
def test_a_fetched_policy_names_no_files_of_this_machine(tmp_path, stated):
    top = f"policy: top\nversion: 1\n{stated}\n"
    assert "is a path in a policy that was fetched from another host" in problem(put(tmp_path, line_for(top), top))
