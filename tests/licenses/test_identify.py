"""A licence text is recognised exactly or not at all; layout and holders do not matter, clauses do."""

from __future__ import annotations

import html
import textwrap
from importlib.metadata import files
from pathlib import Path

import pytest

from checker.licenses import identify as module
from checker.licenses.fingerprint import Digest, Fingerprint, digest, fingerprints
from checker.licenses.identify import Identified, LooksLike, Unrecognised, identify
from checker.licenses.registry import ids
from checker.licenses.take_text import take
from checker.licenses.wording import MAX_CHARACTERS, words

ROOT = Path(__file__).resolve().parents[2]
APACHE = (ROOT / "LICENSE").read_text(encoding="utf-8")


def shipped_with(package: str) -> str:
    """The licence text that an installed package brings along."""
    found = [path for path in files(package) or () if path.name.upper().startswith("LICEN")]
    return Path(str(found[0].locate())).read_text(encoding="utf-8")


MIT = shipped_with("pydantic")
BSD = shipped_with("MarkupSafe")
KIMI = (
    "Our only modification part is that, if the Software (or any derivative works thereof) is used for any of your"
    " commercial products or services that have more than 100 million monthly active users, or more than 20 million US"
    ' dollars (or equivalent in other currencies) in monthly revenue, you shall prominently display "Kimi K2" on the'
    " user interface of such product or service."
)
MINIMAX = (
    "Our only modification is that, if the Software (or any derivative works thereof) is used for any of your"
    " commercial products or services, you shall prominently display “MiniMax M2.1” on the user interface of such"
    " product or service."
)


def named(text: str) -> str:
    """The id of a text that is recognised; empty for any other."""
    found = identify(text)
    return found.license if isinstance(found, Identified) else ""


@pytest.mark.parametrize(("text", "license_id"), [
    (APACHE, "Apache-2.0"), (MIT, "MIT"), (BSD, "BSD-3-Clause"),
    (f"{MIT}\n{KIMI}", "kimi-k2"), (f"{MIT}\n{MINIMAX}", "minimax-m2.1"),
])  # fmt: skip
def test_a_known_text_is_recognised(text, license_id):
    assert named(text) == license_id


def _html(text: str) -> str:
    return f"<html><body><p>{html.escape(text)}</p></body></html>".replace("\n\n", "</p>\n<p>").replace("'", "&#8217;")


LAYOUTS = {
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "another width": lambda text: "\n\n".join(textwrap.fill(part, 47) for part in text.split("\n\n")),
    "one line": lambda text: " ".join(text.split()),
    "Markdown": lambda text: "\n\n".join(f"**{part.strip()}**" for part in text.split("\n\n")),
    "HTML": _html,
    "capitals": str.upper,
    "curly quotes": lambda text: text.replace('"', "”"),
    "comment signs": lambda text: "\n".join(f"# {line}" for line in text.split("\n")),
    "a byte order mark": lambda text: f"\ufeff{text}",
    "another holder": lambda text: f"Copyright (c) 2031 Acme Robotics GmbH\nAll rights reserved.\n\n{text}",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("text", "license_id"), [
    (APACHE, "Apache-2.0"), (MIT, "MIT"), (BSD, "BSD-3-Clause"), (f"{MIT}\n{KIMI}", "kimi-k2"),
])  # fmt: skip
def test_layout_markup_and_holders_do_not_matter(text, license_id, layout):
    assert named(LAYOUTS[layout](text)) == license_id


@pytest.mark.parametrize("change", [
    lambda text: f"{text}\nYou may not use this for weapons.\n",
    lambda text: f"{text}\nCommercial use requires a paid plan.\n",
    lambda text: f"The following holds for research.\n\n{text}",
    lambda text: f"Commons Clause License Condition v1.0\n\n{text}",
    lambda text: text.replace("is hereby granted", "is not hereby granted").replace("grants to You", "does not grant"),
    lambda text: text.replace("WITHOUT", "WITH").replace("without", "with"),
], ids=["limit added", "price added", "limit before", "condition before", "word added", "word changed"])  # fmt: skip
@pytest.mark.parametrize(("text", "license_id"), [(APACHE, "Apache-2.0"), (MIT, "MIT")])
def test_a_text_with_another_condition_is_not_that_licence(text, license_id, change):
    found = identify(change(text))
    assert isinstance(found, LooksLike)
    assert found.license == license_id


@pytest.mark.parametrize(("clause", "changed"), [
    (KIMI, KIMI.replace("100 million", "10 million")), (KIMI, KIMI.replace("monthly revenue", "annual revenue")),
    (MINIMAX, MINIMAX.replace("M2.1", "M2.2")), (MINIMAX, MINIMAX.replace("shall", "may")),
])  # fmt: skip
def test_a_modified_mit_with_another_clause_is_none_of_those_known(clause, changed):
    assert named(f"{MIT}\n{clause}")
    assert isinstance(identify(f"{MIT}\n{changed}"), LooksLike)


def test_what_is_added_is_said():
    assert identify(f"{MIT}\nYou may not use this for weapons.") == LooksLike(
        "MIT", ('it adds "you may not use this for weapons"',)
    )


def test_a_text_that_lost_a_passage_says_how_much_is_missing():
    start, end = BSD.index("THIS SOFTWARE"), BSD.index("IN NO EVENT")
    [said] = [difference for difference in identify(BSD[:start] + BSD[end:]).differs if "missing" in difference]
    assert said == "32 of its 204 words are missing or changed"


def test_two_licences_in_one_file_are_named_and_none_is_chosen():
    assert identify(f"{MIT}\n\n{APACHE}") == Unrecognised(
        "it holds the texts of Apache-2.0 and MIT: which applies is not said here", ("Apache-2.0", "MIT")
    )


def test_two_licences_and_a_condition_between_them_are_not_just_the_two():
    found = identify(f"{MIT}\nYou may not use this for weapons.\n{APACHE}")
    assert (type(found), found.license) == (LooksLike, "Apache-2.0")


def test_the_first_of_several_additions_is_quoted_and_the_others_are_counted():
    granted = MIT.index("Permission is hereby")
    text = f"Commercial use is not allowed.\n{MIT[granted:]}\nYou may not use this for weapons."
    assert identify(text) == LooksLike("MIT", ('it adds "commercial use is not allowed", and 1 more',))


def test_of_a_long_addition_the_beginning_is_quoted():
    shown, hidden = ["you", "may", *("not" for _ in range(22))], ["never"]
    [said] = identify(f"{MIT}\n{' '.join(shown + hidden)}.").differs
    assert said == f'it adds "{" ".join(shown)} …"'
    [said] = identify(f"{MIT}\n{' '.join(shown)}.").differs
    assert said == f'it adds "{" ".join(shown)}"'


@pytest.mark.parametrize(("title", "license_id"), [
    ("Llama 3.1 Acceptable Use Policy", "llama3.1"), ("Llama 4 Acceptable Use Policy", "llama4"),
    ("Gemma Prohibited Use Policy", "gemma"),
])  # fmt: skip
def test_a_use_policy_is_no_licence(title, license_id):
    text = f"# {title}\n\nYou agree you will not use, or allow others to use, it to violate the law.\n"
    reason = f"it is the use policy that belongs to {license_id}, which is no licence"
    assert identify(text) == Unrecognised(reason, (license_id,), True)


@pytest.mark.parametrize(("text", "reason"), [
    ("", "it holds no words"), ("\x00\x01", "it holds no words"), ("***", "it holds no words"),
    ("A story about a licence.", "no licence that we know has such a text"),
    ("x" * (MAX_CHARACTERS + 1), "it is longer than 1,000,000 characters: no licence is"),
])  # fmt: skip
def test_a_text_that_is_no_licence_is_unrecognised(text, reason):
    assert identify(text) == Unrecognised(reason)


def test_a_title_alone_is_never_enough():
    found = identify("The OPT-175B License Agreement\n\n1. Definitions\n")
    assert found == LooksLike("opt-175b", ("we hold no more of that text than its title",))


def test_the_words_of_a_licence_beside_its_title_are_not_the_licence():
    known = next(one for one in fingerprints() if one.file == "llama3.1")
    found = identify(f"{known.title}\n\n" + "\n\n".join(known.phrases))
    assert isinstance(found, LooksLike)
    assert found.license == "llama3.1"


# Two licences of one family, invented: they differ in a date, a figure and one clause.
FIRST = """OXBOW COMMUNITY LICENSE AGREEMENT
Oxbow 1 Release Date: April 1, 2031

By clicking "I Accept" below, you agree to this Agreement.

1. Grant. You are granted a licence to use and distribute Oxbow, if you have fewer than 700 million users.

2. Outputs. You will not use outputs of Oxbow to improve any other model.
"""
SECOND = FIRST.replace("Oxbow 1", "Oxbow 2").replace("April 1, 2031", "May 2, 2032").replace("will not", "may")
POLICY = "Oxbow 1 Acceptable Use Policy\n\nYou agree you will not use Oxbow to break the law.\n"


def _print(file: str, text: str, phrase: str) -> Fingerprint:
    taken = take([text])
    digests = {key: tuple(Digest(*_pair(one)) for one in listed) for key, listed in taken.items()}
    title = " ".join(words(text.partition("\n")[0]))
    phrases = (" ".join(words(phrase)),)
    return Fingerprint(file, file, "", title, phrases, digests["passages"], digests["optional"], "", (0, 0), (), "-")


def _pair(written: str) -> tuple[int, int]:
    length, _, value = written.partition(":")
    return int(length), int(value, 16)


@pytest.fixture
def oxbow(monkeypatch):
    policy = Fingerprint(
        "policy", "oxbow-1", "", "oxbow 1 acceptable use policy", (), (), (), "", (0, 0), ("oxbow-1",), ""
    )
    known = (_print("oxbow-1", FIRST, "April 1, 2031"), _print("oxbow-2", SECOND, "May 2, 2032"), policy)
    monkeypatch.setattr(module, "fingerprints", lambda: known)


@pytest.mark.usefixtures("oxbow")
def test_versions_of_one_family_are_told_apart():
    assert (named(FIRST), named(SECOND)) == ("oxbow-1", "oxbow-2")


@pytest.mark.usefixtures("oxbow")
@pytest.mark.parametrize("mixed", [
    FIRST.replace("April 1, 2031", "May 2, 2032"), FIRST.replace("700", "100"), FIRST.replace("will not", "may"),
])  # fmt: skip
def test_a_mixture_of_two_versions_is_neither(mixed):
    assert isinstance(identify(mixed), LooksLike)


@pytest.mark.usefixtures("oxbow")
def test_a_sentence_about_a_button_may_be_missing():
    start, end = FIRST.index("By clicking"), FIRST.index("1. Grant")
    assert named(FIRST[:start] + FIRST[end:]) == "oxbow-1"


@pytest.mark.usefixtures("oxbow")
def test_the_use_policy_may_follow_its_own_licence_and_no_other():
    assert identify(FIRST + POLICY) == Identified("oxbow-1", "", "every passage", "use policy of oxbow-1")
    assert isinstance(identify(SECOND + POLICY), LooksLike)


def test_a_text_known_by_phrases_has_to_begin_end_and_measure_as_it_should(monkeypatch):
    known = Fingerprint("o", "oxbow", "", "oxbow licence", ("is granted",), (), (), "the end", (6, 9), (), "")
    monkeypatch.setattr(module, "fingerprints", lambda: (known,))
    by = "title, decisive phrases, ending and length"
    assert identify("Oxbow Licence. It is granted. The end.") == Identified("oxbow", "", by)
    for other in (
        "Oxbow Licence. It is granted. The end. Not.",
        "Oxbow Licence. It is granted to all those here. The end.",
    ):
        assert identify(other) == LooksLike("oxbow", ("its ending or its length differs",))
    assert isinstance(identify("Oxbow Licence. It is not there. The end."), Unrecognised)


WORDS = ("one red", "two blue", "three green", "four gold")


def known_by(monkeypatch, phrases=WORDS, passages=(), ends="the end", title="oxbow licence"):
    known = Fingerprint("o", "oxbow", "", title, phrases, passages, (), ends, (0, 99), (), "")
    monkeypatch.setattr(module, "fingerprints", lambda: (known,))


@pytest.mark.parametrize(("said", "likeness"), [
    (WORDS, ("its ending or its length differs",)),
    (WORDS[:3], ('it lacks the words "four gold"',)),
    (WORDS[1:3], ('it lacks the words "one red"',)),
    (WORDS[:1], None),  # a quarter of the phrases is too little to be said to look alike
])  # fmt: skip
def test_a_text_that_is_known_by_phrases_says_which_it_lacks(monkeypatch, said, likeness):
    known_by(monkeypatch)
    found = identify(f"Oxbow Licence. {'. '.join(said)}. Not so.")
    expected = (
        Unrecognised("no licence that we know has such a text") if likeness is None else LooksLike("oxbow", likeness)
    )
    assert found == expected


def test_half_of_the_phrases_are_worth_a_closer_look_and_fewer_are_with_the_title_alone(monkeypatch):
    passage = digest(tuple(words("they may take all of it home")))
    known_by(monkeypatch, passages=(passage,))
    text = "They may take all of it home."
    assert isinstance(identify(f"{'. '.join(WORDS[:2])}. {text}"), LooksLike)
    assert isinstance(identify(f"{WORDS[0]}. {text}"), Unrecognised)
    assert isinstance(identify(f"Oxbow Licence. {WORDS[0]}. {text}"), LooksLike)


def test_the_title_of_a_text_that_we_do_not_hold_stands_at_its_beginning(monkeypatch):
    known_by(monkeypatch)
    body = f"{'. '.join(WORDS)}. The end."
    filler = "word " * 200
    assert isinstance(identify(f"Oxbow Licence. {body}"), Identified)
    assert identify(f"{filler} Oxbow Licence. {body}") == Unrecognised("no licence that we know has such a text")


def test_every_fingerprint_names_a_licence_and_its_source():
    unread = {"CC-BY-2.0", "EPL-1.0"}
    assert unread < {one.license for one in fingerprints()}, "texts are told apart that nobody has read yet"
    for one in fingerprints():
        assert one.source, one.file
        assert one.title, one.file
        assert one.file == one.license or one.license in ids(), one.file
        assert all(phrase == " ".join(words(phrase)) for phrase in one.phrases), one.file
        assert one.length[0] <= one.length[1], one.file


def test_no_two_fingerprints_are_alike():
    texts = [(one.passages, one.phrases) for one in fingerprints() if not one.use_policy_of]
    assert len(set(texts)) == len(texts)


def test_families_that_differ_in_single_clauses_are_held_whole():
    whole = {one.license for one in fingerprints() if one.passages}
    assert whole >= {
        "llama1", "llama2", "llama3", "llama3.1", "llama3.2", "llama3.3", "llama4", "tongyi-qianwen",
        "tongyi-qianwen-research", "qwen", "qwen-research", "qwen-community-1.0", "falcon-2-11b", "falcon-3", "kimi-k2",
        "kimi-k3", "minimax-m2", "minimax-m2.1", "minimax-m2.7", "minimax-model-license", "mistral-modified-mit", "glm-5.3",
    }  # fmt: skip
