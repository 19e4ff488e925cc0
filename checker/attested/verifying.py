"""What holds of a signed statement and what does not, in plain words: signature, result, policy, files, age."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from posixpath import dirname, join
from typing import Any

from checker.attested.envelope import PAYLOAD_TYPE, Envelope, read_json, signed_bytes
from checker.attested.keys import Key, verifies
from checker.attested.statement import PREDICATE_TYPE, RESULTS, STATEMENT_TYPE
from checker.exit_code import ExitCode
from checker.value import NamedTuple

MOST_QUOTED = 200
"""Characters of the statement's own text that a sentence quotes at most."""
CLOCK_SKEW = timedelta(minutes=5)
"""How far the clock of who signed may be ahead of ours."""
_PASSED = RESULTS[ExitCode.OK]
_UNKNOWN_RESULT = RESULTS[ExitCode.UNKNOWN]


class Standing(StrEnum):
    """What can be said of one question."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNKNOWN = "not known"
    NOT_ASKED = "not compared"


class Answer(NamedTuple):
    """One question about a statement, answered."""

    about: str
    """`signature`, `statement`, `result`, `relaxations`, `policy`, `resource`, `files` or `age`."""
    standing: Standing
    sentence: str


class File(NamedTuple):
    """A manifest as it is now, and the lock beside it; a digest is SHA-256 of the bytes, in hex."""

    name: str
    sha256: str
    lock: str
    """The lock's file, as the user knows it."""
    lock_sha256: str | None
    """None where there is no lock beside the manifest."""


class Wanted(NamedTuple):
    """What a statement is held against."""

    keys: tuple[Key, ...]
    policy_sha256: str
    files: tuple[File, ...]
    max_age: timedelta | None
    resource: str | None
    allow_relaxed: bool
    now: datetime


def verified(envelope: Envelope, wanted: Wanted) -> tuple[Answer, ...]:
    """Every answer; where the signature does not hold, nothing else is looked at."""
    signature = _signature(envelope, wanted.keys)
    if signature.standing is not Standing.HOLDS:
        return (signature,)
    try:
        statement = _statement(envelope)
    except (ValueError, RecursionError) as error:
        why = f"what was signed is no verification summary that this version reads: {_cut(str(error))}"
        return (signature, Answer("statement", Standing.UNKNOWN, why))
    return (signature, *_answers(statement, wanted))


def code(answers: tuple[Answer, ...]) -> ExitCode:
    """Yes, no or unknown: a single no decides, then a single unknown."""
    standings = {answer.standing for answer in answers}
    if Standing.FAILS in standings:
        return ExitCode.BLOCKED
    return ExitCode.UNKNOWN if Standing.UNKNOWN in standings else ExitCode.OK


def _cut(text: str) -> str:
    """Text out of the statement as a sentence quotes it: on one line, and no longer than names and digests are."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_QUOTED else f"{line[:MOST_QUOTED]}…"


class _Statement(NamedTuple):
    """What is read of a statement; what it does not say is None."""

    subjects: tuple[tuple[str, str], ...]
    predicate: dict[str, Any]
    time: datetime


def _signature(envelope: Envelope, keys: tuple[Key, ...]) -> Answer:
    content = signed_bytes(envelope.payload, envelope.payload_type)
    for one in envelope.signatures:
        for key in keys:
            if verifies(key, one.sig, content):
                return Answer("signature", Standing.HOLDS, f"it is signed by the key {key.id} ({key.kind})")
    named = ", ".join(_cut(one.keyid) for one in envelope.signatures if one.keyid) or "no key that it names"
    held = ", ".join(key.id for key in keys)
    sentence = f"no signature is of {held} over these bytes: another key signed it ({named}), or it was changed since"
    return Answer("signature", Standing.FAILS, f"{sentence}; nothing else in it is to be believed")


def _statement(envelope: Envelope) -> _Statement:
    """Raises ValueError where it is not what we know."""
    if envelope.payload_type != PAYLOAD_TYPE:
        raise ValueError(f"its type is `{envelope.payload_type}`")
    content = read_json(envelope.payload)
    try:
        if content["_type"] != STATEMENT_TYPE or content["predicateType"] != PREDICATE_TYPE:
            raise ValueError(f"its types are `{content['_type']}` and `{content['predicateType']}`")
        subjects = tuple((str(one.get("name", "")), str(one["digest"]["sha256"])) for one in content["subject"])
        predicate = content["predicate"]
        time = datetime.fromisoformat(str(predicate["timeVerified"]))
        for needed in ("verificationResult", "resourceUri"):
            if not isinstance(predicate[needed], str):
                raise ValueError(f"{needed} is no text")
        str(predicate["policy"]["digest"]["sha256"])
    except KeyError as error:
        raise ValueError(f"it has no {error}") from error
    except (TypeError, AttributeError) as error:
        raise ValueError("its form is another one") from error
    if time.tzinfo is None:
        raise ValueError("its time has no zone")
    try:
        return _Statement(subjects, predicate, time.astimezone(UTC))
    except OverflowError as error:
        raise ValueError("its time is none of the calendar") from error


def _answers(statement: _Statement, wanted: Wanted) -> Iterator[Answer]:
    predicate = statement.predicate
    yield _result(predicate)
    yield _relaxations(predicate, allowed=wanted.allow_relaxed)
    yield _policy(predicate, wanted.policy_sha256)
    if wanted.resource is not None:
        yield _resource(predicate, wanted.resource)
    yield from _files(statement.subjects, wanted.files)
    yield _age(statement.time, wanted.max_age, wanted.now)


def _result(predicate: dict[str, Any]) -> Answer:
    result = predicate.get("weighbridge_result", _PASSED)  # another verifier's summary says no more than passed or not
    rules = predicate.get("weighbridge_rules")
    listed = rules.items() if isinstance(rules, dict) else ()
    named = {key: names for key, names in listed if isinstance(names, list)}
    if predicate["verificationResult"] == "PASSED" and result == _PASSED:
        counted = ", ".join(
            f"{len(named[key])} {word}"
            for key, word in (("passed", "passed"), ("failed", "failed and only advise"), ("waived", "waived"))
            if named.get(key)
        )
        return Answer("result", Standing.HOLDS, f"the run passed{f' (rules: {counted})' if counted else ''}")
    stopped = predicate.get("weighbridge_stoppedBy")
    rules_named = (
        ", ".join(map(str, stopped)) if isinstance(stopped, list) and stopped else "it does not say on which rule"
    )
    if result == _UNKNOWN_RESULT:
        return Answer("result", Standing.UNKNOWN, f"the run could not evaluate what blocks: {_cut(rules_named)}")
    return Answer("result", Standing.FAILS, f"the run did not pass: {_cut(rules_named)}")


def _relaxations(predicate: dict[str, Any], *, allowed: bool) -> Answer:
    said = predicate.get("weighbridge_relaxations")
    if not isinstance(said, list):
        return Answer("relaxations", Standing.UNKNOWN, "it does not say whether the run was loosened")
    if not said:
        return Answer("relaxations", Standing.HOLDS, "nothing loosened the run")
    named = "; ".join(_cut(str(one)) for one in said)
    standing = Standing.HOLDS if allowed else Standing.FAILS
    return Answer("relaxations", standing, f"the run was loosened{' (allowed here)' * allowed}: {named}")


def _policy(predicate: dict[str, Any], wanted: str) -> Answer:
    found = str(predicate["policy"]["digest"]["sha256"])
    named = predicate.get("weighbridge_policy")
    name = f" ({_cut(str(named.get('name')))} {_cut(str(named.get('version')))})" if isinstance(named, dict) else ""
    if found == wanted:
        return Answer("policy", Standing.HOLDS, f"it was judged by the policy sha256 {wanted}{name}")
    return Answer(
        "policy", Standing.FAILS, f"it was judged by another policy: sha256 {_cut(found)}{name}, not {wanted}"
    )


def _resource(predicate: dict[str, Any], wanted: str) -> Answer:
    found = predicate["resourceUri"]
    if found == wanted:
        return Answer("resource", Standing.HOLDS, f"it is about {_cut(found)}")
    return Answer("resource", Standing.FAILS, f"it is about {_cut(found)}, not {_cut(wanted)}")


def _files(subjects: tuple[tuple[str, str], ...], files: tuple[File, ...]) -> Iterator[Answer]:
    if not files:
        named = ", ".join(f"{_cut(name)} (sha256 {_cut(digest)})" for name, digest in subjects)
        yield Answer("files", Standing.NOT_ASKED, f"what was judged is {named}; --manifest compares it with a file")
    for file in files:
        name = next((name for name, digest in subjects if digest == file.sha256), None)
        if name is None:
            attested = ", ".join(_cut(name) for name, _ in subjects)
            sentence = f"{file.name} is not what was judged ({attested}): its sha256 is {file.sha256}"
            yield Answer("files", Standing.FAILS, sentence)
        else:
            yield Answer("files", Standing.HOLDS, f"{file.name} is what was judged as {_cut(name)}")
            yield from _lock(subjects, name, file)


def _lock(subjects: tuple[tuple[str, str], ...], manifest: str, file: File) -> Iterator[Answer]:
    """The lock beside a manifest: as it was judged, changed, gone, or new."""
    judged = dict(subjects).get(join(dirname(manifest), "model.lock"))
    if judged is None and file.lock_sha256 is None:
        return
    if judged == file.lock_sha256:
        yield Answer("files", Standing.HOLDS, f"{file.lock} is what was judged with it")
    elif judged is None:
        yield Answer("files", Standing.FAILS, f"{file.lock} was not there when it was judged")
    elif file.lock_sha256 is None:
        yield Answer("files", Standing.FAILS, f"{file.lock} was judged with it and is gone")
    else:
        yield Answer("files", Standing.FAILS, f"{file.lock} is not what was judged: its sha256 is {file.lock_sha256}")


def _age(time: datetime, most: timedelta | None, now: datetime) -> Answer:
    age, written = now - time, time.strftime("%Y-%m-%d %H:%M:%S UTC")
    if age < -CLOCK_SKEW:
        return Answer("age", Standing.FAILS, f"it says to be of {written}, which is still to come")
    told = f"it is of {written}, {_told(max(age, timedelta()))} ago"
    if most is None:
        return Answer("age", Standing.NOT_ASKED, f"{told}; --max-age bounds it")
    standing = Standing.HOLDS if age <= most else Standing.FAILS
    return Answer("age", standing, f"{told}, {'within' if age <= most else 'which is beyond'} {_told(most)}")


def _told(span: timedelta) -> str:
    """A span in its largest whole unit."""
    seconds = int(span.total_seconds())
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'' if count == 1 else 's'}"
    return "less than a minute"
