"""Evidence that is signed here and read by other implementations, and the other way round; and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from google.protobuf import json_format
from in_toto_attestation.predicates.vsa.v1 import vsa_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from securesystemslib import dsse
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

from checker.attested import envelope as envelopes
from checker.attested.envelope import as_json, read_envelope, signed_bytes
from checker.attested.keys import public_key
from checker.attested.statement import PREDICATE_TYPE, STATEMENT_TYPE
from checker.commands import attest
from tests.in_process import inside  # noqa: F401

MANIFEST = """\
weighbridge: 1
project: support-bot
owner: support
models:
  - {model: Qwen/Qwen2.5-7B-Instruct, objective: chat}
"""
POLICY = "policy: acme\nversion: 7\nrules: {license-known: hard-mandatory, license-allowed: {enforcement: hard-mandatory, allow: [LICENCE]}}\n"
KINDS = {"ed25519": ed25519.Ed25519PrivateKey.generate, "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1())}


def write_key(folder, key, name="gate", passphrase=None):
    how = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    (folder / f"{name}.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / f"{name}.pub").write_bytes(public)
    return key


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "model.yaml").write_text(MANIFEST)
    (tmp_path / "policy.yaml").write_text(POLICY.replace("LICENCE", "Apache-2.0"))
    write_key(tmp_path, KINDS["ed25519"]())
    return tmp_path


@pytest.fixture
def attested(folder, inside):  # noqa: F811
    """Attest the manifest of the folder."""

    def run(*arguments, code=0, **environment):
        made = inside(
            "attest",
            "model.yaml",
            "--policy",
            "policy.yaml",
            "--key",
            "gate.pem",
            "--output",
            "a.json",
            *arguments,
            **environment,
        )
        assert made.code == code, made.err
        return made

    return run


@pytest.fixture
def digest(folder, inside):  # noqa: F811
    def of(policy="policy.yaml"):
        shown = inside("policy", "show", "--policy", policy, "--json").out
        return json.loads(shown)["sha256"]

    return of


@pytest.fixture
def verify(inside, digest):  # noqa: F811
    def run(*arguments, key="gate.pub", policy=None, file="a.json"):
        return inside("verify", file, "--key", key, "--policy-digest", policy or digest(), *arguments)

    return run


def payload(folder, file="a.json"):
    return json.loads(b64decode(json.loads((folder / file).read_text())["payload"]))


def resigned(folder, change, key=None):
    """The envelope with another statement, signed again by the gate's key or another one."""
    from checker.attested.keys import private_key, sign

    content = payload(folder)
    change(content)
    held = private_key("k", (folder / (key or "gate.pem")).read_bytes(), None)
    made = json.dumps(content).encode()
    signature = envelopes.Signature(held.id, sign(held, signed_bytes(made, envelopes.PAYLOAD_TYPE)))
    (folder / "a.json").write_text(as_json(envelopes.Envelope(made, envelopes.PAYLOAD_TYPE, (signature,))))


def test_the_statement_says_what_was_judged_and_found(folder, attested, digest):
    attested()
    made = payload(folder)
    assert made["_type"] == "https://in-toto.io/Statement/v1"
    assert made["predicateType"] == "https://slsa.dev/verification_summary/v1"
    [subject] = made["subject"]
    assert subject["name"] == "model.yaml"
    predicate = made["predicate"]
    assert predicate["verificationResult"] == "PASSED"
    assert predicate["verifiedLevels"] == ["SLSA_BUILD_LEVEL_UNEVALUATED"]
    assert predicate["policy"] == {"uri": "policy.yaml", "digest": {"sha256": digest()}}
    assert predicate["resourceUri"] == "pkg:generic/support-bot"
    assert predicate["weighbridge_rules"]["passed"] == ["license-allowed", "license-known"]
    assert predicate["weighbridge_relaxations"] == []
    assert predicate["weighbridge_stoppedBy"] == []
    written = datetime.fromisoformat(predicate["timeVerified"])
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=1)


@pytest.mark.parametrize(("licence", "code", "result", "rules"), [("MIT", 1, "blocked", ["license-allowed"])])
def test_a_run_that_failed_is_attested_as_failed(folder, attested, verify, licence, code, result, rules):
    (folder / "policy.yaml").write_text(POLICY.replace("LICENCE", licence))
    attested(code=code)
    predicate = payload(folder)["predicate"]
    assert (predicate["verificationResult"], predicate["verifiedLevels"]) == ("FAILED", ["FAILED"])
    assert (predicate["weighbridge_result"], predicate["weighbridge_stoppedBy"]) == (result, rules)
    told = verify()
    assert told.code == 1
    assert "does not hold: the run did not pass: license-allowed" in told.out


def test_a_run_that_could_not_evaluate_is_no_pass(folder, attested, verify):
    (folder / "model.yaml").write_text(MANIFEST.replace("Qwen/Qwen2.5-7B-Instruct", "acme/unheard-of"))
    attested(code=3)
    assert payload(folder)["predicate"]["verificationResult"] == "FAILED"
    told = verify()
    assert told.code == 3
    assert "not known: the run could not evaluate what blocks: license-allowed, license-known" in told.out


@pytest.mark.parametrize("kind", KINDS)
def test_what_we_sign_others_verify(folder, attested, kind):
    key = write_key(folder, KINDS[kind]())
    attested()
    ours = public_key("k", (folder / "gate.pub").read_bytes())
    read = dsse.Envelope.from_dict(json.loads((folder / "a.json").read_text()))
    theirs = SSlibKey.from_crypto(key.public_key(), keyid=ours.id)
    assert list(read.verify([theirs], 1)) == [ours.id]
    other = SSlibKey.from_crypto(KINDS[kind]().public_key(), keyid=ours.id)
    with pytest.raises(VerificationError):
        read.verify([other], 1)


def test_what_we_state_others_read(folder, attested):
    attested()
    made = json.dumps(payload(folder))
    read = Statement.copy_from_pb(json_format.Parse(made, statement_pb2.Statement()))
    read.validate()
    assert read.pb.predicate_type == PREDICATE_TYPE
    predicate = payload(folder)["predicate"]
    # The package's message has one text where the specification (slsa.dev/verification_summary/v1) has a list.
    assert predicate.pop("verifiedLevels") == ["SLSA_BUILD_LEVEL_UNEVALUATED"]
    summary = json_format.ParseDict(predicate, vsa_pb2.VerificationSummary(), ignore_unknown_fields=True)
    assert summary.verification_result == "PASSED"
    assert summary.policy.uri == "policy.yaml"


def foreign(folder, policy, **changes):
    """A summary by another implementation, signed by it."""
    described = ResourceDescriptor(name="model.yaml", digest={"sha256": "a" * 64})
    predicate = {
        "verifier": {"id": "https://example.com/verifier"},
        "timeVerified": "2026-11-28T00:00:00Z",
        "resourceUri": "https://example.com/one",
        "policy": {"uri": "policy", "digest": {"sha256": policy}},
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
        **changes,
    }
    made = json_format.MessageToJson(Statement([described.pb], PREDICATE_TYPE, predicate).pb).encode()
    return dsse.Envelope(made, envelopes.PAYLOAD_TYPE, {})


@pytest.mark.parametrize("kind", KINDS)
def test_what_others_sign_we_verify(folder, verify, digest, kind):
    signed = foreign(folder, digest())
    signed.sign(CryptoSigner(write_key(folder, KINDS[kind](), "other")))
    (folder / "b.json").write_text(json.dumps(signed.to_dict()))
    told = verify(key="other.pub", file="b.json")
    assert "holds: it is signed by the key" in told.out
    assert "holds: the run passed" in told.out
    # Another verifier does not say whether anything loosened its run, so that nobody can tell.
    assert "not known: it does not say whether the run was loosened" in told.out
    assert told.code == 3


def test_everything_that_was_asked_holds(folder, attested, verify):
    attested()
    told = verify("--manifest", "model.yaml", "--max-age", "1d", "--resource-uri", "pkg:generic/support-bot")
    assert told.code == 0
    assert [line.partition(":")[0] for line in told.out.splitlines()] == ["holds"] * 7 + ["yes"]


def test_another_key_is_told_and_nothing_else_believed(folder, attested, verify):
    attested()
    write_key(folder, KINDS["ecdsa"](), "other")
    told = verify(key="other.pub")
    assert told.code == 1
    assert told.out.startswith("does not hold: no signature is of ")
    assert len(told.out.splitlines()) == 2
    assert verify("--key", "gate.pub", key="other.pub").code == 0


@pytest.mark.parametrize("part", ["payload", "payloadType", "sig"])
def test_a_change_to_any_signed_part_breaks_the_signature(folder, attested, verify, part):
    attested()
    content = json.loads((folder / "a.json").read_text())
    if part == "sig":
        sig = bytearray(b64decode(content["signatures"][0]["sig"]))
        sig[3] ^= 1
        content["signatures"][0]["sig"] = b64encode(bytes(sig)).decode()
    elif part == "payload":
        content["payload"] = b64encode(b64decode(content["payload"]).replace(b'"PASSED"', b'"PASSEd"')).decode()
    else:
        content["payloadType"] += "x"
    (folder / "a.json").write_text(json.dumps(content))
    assert verify().code == 1


def test_a_changed_manifest_is_told(folder, attested, verify):
    attested()
    (folder / "model.yaml").write_text(MANIFEST + "# later\n")
    told = verify("--manifest", "model.yaml")
    assert told.code == 1
    assert "does not hold: model.yaml is not what was judged (model.yaml): its sha256 is " in told.out


@pytest.mark.parametrize(
    ("before", "after", "sentence", "code"),
    [
        (True, "same", "holds: model.lock is what was judged with it", 0),
        (True, "other", "does not hold: model.lock is not what was judged", 1),
        (True, "gone", "does not hold: model.lock was judged with it and is gone", 1),
        (False, "same", "does not hold: model.lock was not there when it was judged", 1),
    ],
)
def test_the_lock_belongs_to_what_was_judged(folder, attested, verify, lock, before, after, sentence, code):
    path = folder / "model.lock"
    if before:
        path.write_text(lock)
    attested()
    assert [one["name"] for one in payload(folder)["subject"]] == ["model.yaml", "model.lock"][: 1 + before]
    path.write_text(lock if after == "same" else lock + "\n")
    if after == "gone":
        path.unlink()
    told = verify("--manifest", "model.yaml")
    assert sentence in told.out
    assert told.code == code


@pytest.fixture
def lock():
    """A lock as its own writer makes it."""
    from checker.rulebook.documentation import as_files

    example = "{model: Qwen/Qwen2.5-7B-Instruct, lock: {files: []}}"
    text = as_files("revision-pinned", example).lock
    assert text
    return text


def test_another_policy_is_told(folder, attested, verify):
    attested()
    told = verify(policy="0" * 64)
    assert told.code == 1
    assert "does not hold: it was judged by another policy: sha256 " in told.out
    assert "(acme 7), not 000" in told.out


def test_an_old_one_and_one_from_the_future_are_told(folder, attested, verify):
    attested()
    resigned(folder, lambda made: made["predicate"].update(timeVerified="2026-01-01T00:00:00Z"))
    told = verify("--max-age", "30d")
    assert told.code == 1
    assert "does not hold: it is of 2026-01-01 00:00:00 UTC, " in told.out
    assert "which is beyond 30 days" in told.out
    assert verify().code == 0
    resigned(folder, lambda made: made["predicate"].update(timeVerified="2999-01-01T00:00:00Z"))
    assert "which is still to come" in verify().out


def test_another_resource_is_told(folder, attested, verify):
    attested("--resource-uri", "https://example.com/one")
    assert verify("--resource-uri", "https://example.com/one").code == 0
    told = verify("--resource-uri", "https://example.com/two")
    assert told.code == 1
    assert "does not hold: it is about https://example.com/one, not https://example.com/two" in told.out


@pytest.mark.parametrize("option", [("--today", "2026-11-01"), ("--exit-zero",), ("--ignore-waivers",)])
def test_a_loosened_run_is_refused_unless_told(folder, attested, verify, option):
    refused = attested(*option, code=2)
    assert f"the run is loosened: {option[0]}" in refused.err
    assert not (folder / "a.json").exists()
    attested(*option, "--allow-relaxed")
    assert payload(folder)["predicate"]["weighbridge_relaxations"][0].startswith(option[0])
    told = verify()
    assert told.code == 1
    assert f"does not hold: the run was loosened: {option[0]}" in told.out
    assert verify("--allow-relaxed").code == 0


def test_exit_zero_makes_no_pass_of_what_blocks(folder, attested):
    (folder / "policy.yaml").write_text(POLICY.replace("LICENCE", "MIT"))
    attested("--exit-zero", "--allow-relaxed")
    assert payload(folder)["predicate"]["verificationResult"] == "FAILED"


def test_a_policy_that_the_project_chose_is_refused(folder, inside):  # noqa: F811
    (folder / "pyproject.toml").write_text('[tool.weighbridge]\npolicy = "policy.yaml"\n')
    made = inside("attest", "model.yaml", "--key", "gate.pem")
    assert made.code == 2
    assert "the project chose its policy in pyproject.toml" in made.err


def test_several_policies_are_no_evidence_of_one(folder, inside):  # noqa: F811
    for name in "ab":
        (folder / name / ".git").mkdir(parents=True)
        (folder / name / "model.yaml").write_text(MANIFEST)
        (folder / name / "policy.yaml").write_text(POLICY.replace("acme", name).replace("LICENCE", "MIT"))
        (folder / name / "pyproject.toml").write_text('[tool.weighbridge]\npolicy = "policy.yaml"\n')
    made = inside("attest", "a", "b", "--key", "gate.pem", "--allow-relaxed")
    assert made.code == 2
    assert "judged by several policies: a 7, b 7" in made.err


def test_what_cannot_be_used_is_not_attested(folder, attested):
    (folder / "model.yaml").write_text("weighbridge: 1\nmodels: [{objective: chat}]\n")
    attested(code=2)
    assert not (folder / "a.json").exists()


@pytest.mark.parametrize(("stated", "code"), [(b"right", 0), (b"wrong", 2), (None, 2)])
def test_an_encrypted_key_takes_its_passphrase_from_the_environment(folder, attested, stated, code):
    write_key(folder, KINDS["ecdsa"](), passphrase=b"right")
    made = attested(code=code, **({attest.PASSPHRASE: stated.decode()} if stated else {}))
    expected = {b"right": "attested PASSED", b"wrong": "another passphrase", None: attest.PASSPHRASE}
    assert expected[stated] in made.err


def test_a_passphrase_is_asked_for_on_a_terminal(folder, inside, monkeypatch):  # noqa: F811
    write_key(folder, KINDS["ed25519"](), passphrase=b"right")
    monkeypatch.setattr("getpass.getpass", lambda prompt, stream: "right")
    made = inside("attest", "model.yaml", "--policy", "policy.yaml", "--key", "gate.pem", stdin="")
    assert made.code == 0
    assert json.loads(made.out)["payloadType"] == envelopes.PAYLOAD_TYPE


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (EOFError(), "gate.pem: error: the key is encrypted: expected its passphrase"),
        ("", "gate.pem: error: the key is encrypted: expected its passphrase"),
        (
            UnicodeDecodeError("utf-8", b"\xe9", 0, 1, "unexpected end"),
            "gate.pem: error: the passphrase that was typed",
        ),
    ],
    ids=["the input ends", "nothing", "bytes that are no text"],
)
def test_a_terminal_on_which_no_passphrase_is_typed_ends_the_run(folder, inside, monkeypatch, typed, said):  # noqa: F811
    def asked(prompt, stream):
        if isinstance(typed, Exception):
            raise typed
        return typed

    write_key(folder, KINDS["ed25519"](), passphrase=b"right")
    monkeypatch.setattr("getpass.getpass", asked)
    made = inside("attest", "model.yaml", "--policy", "policy.yaml", "--key", "gate.pem", stdin="")
    assert (made.code, said in made.err) == (2, True), made.err


def test_a_passphrase_may_be_any_bytes(folder, attested):
    write_key(folder, KINDS["ed25519"](), passphrase=b"caf\xe9")
    attested(**{attest.PASSPHRASE: os.fsdecode(b"caf\xe9")})


def test_a_project_whose_folder_is_named_in_other_bytes_is_attested(folder, inside):  # noqa: F811
    named = folder / os.fsdecode(b"p\xe9")
    named.mkdir()
    (named / "model.yaml").write_text(MANIFEST.replace("project: support-bot\n", ""))
    made = inside("attest", named.name, "--policy", "policy.yaml", "--key", "gate.pem", "--output", "a.json")
    assert made.code == 0, made.err
    assert payload(folder)["predicate"]["resourceUri"] == "pkg:generic/p%E9"


@pytest.mark.parametrize("which", ["rsa", "p384", "none", "public", "passphrase"])
def test_a_key_of_another_kind_is_refused(folder, attested, which):
    if which == "rsa":
        write_key(folder, rsa.generate_private_key(65537, 2048))
    elif which == "p384":
        write_key(folder, ec.generate_private_key(ec.SECP384R1()))
    elif which == "none":
        (folder / "gate.pem").write_text("no key")
    elif which == "public":
        (folder / "gate.pem").write_bytes((folder / "gate.pub").read_bytes())
    environment = {attest.PASSPHRASE: "one"} if which == "passphrase" else {}
    made = attested(code=2, **environment)
    assert "gate.pem: error:" in made.err


def test_a_private_key_verifies_nothing(folder, attested, verify):
    attested()
    told = verify(key="gate.pem")
    assert told.code == 2
    assert "openssl pkey -in gate.pem -pubout" in told.err
    (folder / "none.pub").write_text("nothing")
    assert verify(key="none.pub").code == 2


ENVELOPES = [
    b"",
    b"[]",
    b"{}",
    b"\xff",
    b'{"payload": "", "payloadType": "x", "signatures": []}',
    b'{"payload": "!", "payloadType": "x", "signatures": [{"sig": ""}]}',
    b'{"payload": "", "payload": "", "payloadType": "x", "signatures": [{"sig": ""}]}',
    b'{"payload": 1, "payloadType": "x", "signatures": [{"sig": ""}]}',
    b'{"payload": "", "payloadType": "x", "signatures": ["a"]}',
    b'{"payload": NaN, "payloadType": "x", "signatures": [{"sig": ""}]}',
    b"[" * 100_000,
    b'{"payload": "", "payloadType": "x", "signatures": [' + b",".join([b'{"sig": ""}'] * 65) + b"]}",
]


@pytest.mark.parametrize("content", ENVELOPES, ids=range(len(ENVELOPES)))
def test_what_is_no_envelope_is_bad_input(folder, verify, content):
    (folder / "a.json").write_bytes(content)
    told = verify()
    assert told.code == 2
    assert "a.json: error: no signed envelope: " in told.err


CHANGES = {
    "another type": lambda made: made.update(_type="https://in-toto.io/Statement/v9"),
    "another predicate": lambda made: made.update(predicateType="https://slsa.dev/provenance/v1"),
    "no time": lambda made: made["predicate"].pop("timeVerified"),
    "a time without zone": lambda made: made["predicate"].update(timeVerified="2026-11-28T00:00:00"),
    "a time that is none": lambda made: made["predicate"].update(timeVerified="yesterday"),
    "a time beyond the calendar": lambda made: made["predicate"].update(timeVerified="0001-01-01T00:00:00+14:00"),
    "no policy": lambda made: made["predicate"].pop("policy"),
    "a policy that is a text": lambda made: made["predicate"].update(policy="acme"),
    "no subjects": lambda made: made.pop("subject"),
    "a result that is no text": lambda made: made["predicate"].update(verificationResult=True),
    "no predicate": lambda made: made.update(predicate=None),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_statement_of_another_form_is_unknown(folder, attested, verify, change):
    attested()
    resigned(folder, change)
    told = verify()
    assert told.code == 3
    assert "not known: what was signed is no verification summary that this version reads" in told.out


def test_a_contradiction_in_the_result_is_no_pass(folder, attested, verify):
    attested()
    resigned(folder, lambda made: made["predicate"].update(verificationResult="FAILED"))
    assert "does not hold: the run did not pass: it does not say on which rule" in verify().out
    resigned(folder, lambda made: made["predicate"].update(verificationResult="PASSED", weighbridge_result="blocked"))
    assert verify().code == 1


def test_in_a_repository_it_is_about_the_commit(folder, inside, monkeypatch):  # noqa: F811
    origin = ("remote", "add", "origin", "https://someone:secret@example.com/acme/bot.git")
    for arguments in (("init", "-q"), origin, ("add", "model.yaml"), ("commit", "-qm", "one")):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments], cwd=folder, check=True
        )
    (folder / "sub").mkdir()
    made = inside("attest", "../model.yaml", "--policy", "../policy.yaml", "--key", "../gate.pem", cwd=folder / "sub")
    assert made.code == 0, made.err
    content = json.loads(b64decode(json.loads(made.out)["payload"]))
    commit = content["predicate"]["weighbridge_commit"]["sha1"]
    assert content["predicate"]["resourceUri"] == f"git+https://example.com/acme/bot@{commit}"
    assert content["subject"][0]["name"] == "model.yaml"


def test_several_projects_need_to_be_told_what_they_are_part_of(folder, inside):  # noqa: F811
    (folder / "other").mkdir()
    (folder / "other" / "model.yaml").write_text(MANIFEST.replace("support-bot", "other-bot"))
    both = ("attest", "model.yaml", "other", "--policy", "policy.yaml", "--key", "gate.pem", "--output", "a.json")
    told = inside(*both)
    assert told.code == 2
    assert "the run is about several projects: expected --resource-uri" in told.err
    assert inside(*both, "--resource-uri", "https://example.com/both").code == 0
    assert [one["name"] for one in payload(folder)["subject"]] == ["model.yaml", "other/model.yaml"]


@pytest.mark.parametrize("name", ["model.yaml", "model.lock"])
def test_a_file_that_changes_while_it_is_judged_is_not_attested(folder, attested, lock, monkeypatch, name):
    (folder / "model.lock").write_text(lock)
    judge = attest.gate.judge

    def changing(request):
        report = judge(request)
        if name == "model.yaml":
            (folder / name).write_text(MANIFEST + "# later\n")
            return report
        [manifest] = report.manifests
        return report._replace(manifests=(manifest._replace(lock=manifest.lock._replace(sha256="0" * 64)),))

    monkeypatch.setattr(attest.gate, "judge", changing)
    assert f"{name}: error: it was changed while it was being judged" in attested(code=2).err


def test_waivers_and_approved_locks_are_named(folder, attested, lock):
    terms = "waivers: {max_days: 180, from: policy, file: waivers.yaml, approvers: [legal]}\nfacts: approved.lock\n"
    policy = POLICY.replace("LICENCE", "MIT").replace("{enforcement: hard", "{enforcement: soft")
    (folder / "policy.yaml").write_text(policy.replace("rules:", f"{terms}rules:"))
    (folder / "approved.lock").write_text(lock)
    (folder / "waivers.yaml").write_text(WAIVERS)
    attested()
    predicate = payload(folder)["predicate"]
    expected = {"id": "W-1", "rule": "license-allowed", "approver": "legal", "expires": "2026-12-31"}
    assert predicate["weighbridge_waivers"] == [expected]
    assert predicate["weighbridge_rules"]["waived"] == ["license-allowed"]
    assert [one["uri"] for one in predicate["weighbridge_inputs"]] == [
        "weighbridge:catalogue", "waivers.yaml", "approved.lock"
    ]  # fmt: skip


WAIVERS = """\
waivers:
  - id: W-1
    rule: license-allowed
    project: support-bot
    model: Qwen2.5-7B-Instruct
    kind: agreement
    reason: a contract covers it
    approver: legal
    approved_on: 2026-11-01
    expires: 2026-12-31
"""


@pytest.mark.parametrize("odd", [3, [3], {"passed": 3}, "x", None])
def test_odd_fields_of_ours_are_no_bug(folder, attested, verify, odd):
    attested()
    names = [name for name in payload(folder)["predicate"] if name.startswith("weighbridge_")]
    resigned(folder, lambda made: made["predicate"].update(dict.fromkeys(names, odd)))
    assert verify().code in (1, 3)


def test_a_signed_payload_of_another_type_is_unknown(folder, attested, verify):
    from checker.attested.keys import private_key, sign

    key = private_key("k", (folder / "gate.pem").read_bytes(), None)
    content = envelopes.Envelope(
        b"{}", "text/plain", (envelopes.Signature("", sign(key, signed_bytes(b"{}", "text/plain"))),)
    )
    (folder / "a.json").write_text(as_json(content))
    assert "its type is `text/plain`" in verify().out


def test_url_safe_base64_is_read_too():
    standard = '{"payload": "+/8=", "payloadType": "x", "signatures": [{"sig": "+/8="}]}'
    assert read_envelope("a", standard.encode()) == read_envelope("a", standard.replace("+/", "-_").encode())


def test_the_answers_are_there_for_programs(folder, attested, verify):
    attested()
    told = json.loads(verify("--json").out)
    assert told["code"] == 0
    assert {one["about"]: one["standing"] for one in told["answers"]} == {
        "signature": "holds",
        "result": "holds",
        "relaxations": "holds",
        "policy": "holds",
        "files": "not compared",
        "age": "not compared",
    }


def test_the_encoding_that_is_signed_is_that_of_the_protocol():
    # The example of the protocol's own text (dsse, protocol.md).
    assert signed_bytes(b"hello world", "http://example.com/HelloWorld") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    assert STATEMENT_TYPE.endswith("/v1")


def test_without_the_extra_nothing_is_signed(folder, attested, verify, monkeypatch):
    import sys

    attested()
    monkeypatch.setitem(sys.modules, "cryptography", None)
    for made in (attested(code=2), verify()):
        assert 'pip install "weighbridge[sign]"' in made.err


@pytest.mark.parametrize("written", ["30", "0d", "1w", "d"])
def test_an_age_has_a_unit(folder, attested, verify, written, capsys):
    attested()
    with pytest.raises(SystemExit) as end:
        verify("--max-age", written)
    assert end.value.code == 2
    assert "is no age" in capsys.readouterr().err
