"""A spelling names one text, a family, a text that nobody read, or nothing; no typing error is ever corrected."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.licenses import registry
from checker.licenses.registry import Ambiguous, Resolved, Unrecognised, canonical_id, load, resolve
from checker.licenses.spelling import fold

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("spelling", "license_id"), [
    ("apache-2.0", "Apache-2.0"),
    ("Apache 2.0", "Apache-2.0"),
    ("Apache License, Version 2.0", "Apache-2.0"),
    ("APACHE-2.0", "Apache-2.0"),
    ("  Apache_2.0 ", "Apache-2.0"),
    ("MIT License", "MIT"),
    ("the mit licence", "MIT"),
    ("Llama 3.1 Community License Agreement", "llama3.1"),
    ("llama-3.1", "llama3.1"),
    ("llama3", "llama3"),
    ("LicenseRef-scancode-llama-3.1-license-2024", "llama3.1"),
    ("openrail++", "openrail++"),
    ("gpl-3.0", "GPL-3.0-only"),
    ("GPLv3", "GPL-3.0-only"),
    ("CC BY-NC 4.0", "CC-BY-NC-4.0"),
    ("Gemma Terms of Use", "gemma"),
])  # fmt: skip
def test_a_known_spelling_names_one_text(spelling: str, license_id: str) -> None:
    found = resolve(spelling)
    assert isinstance(found, Resolved)
    assert found.license.id == license_id


@pytest.mark.parametrize(("spelling", "license_id"), [
    ("Apache v2", "Apache-2.0"),
    ("APACHE_2_0", "Apache-2.0"),
    ("apache-2-0", "Apache-2.0"),
    ("The MIT License Agreement", "MIT"),
    ("Simplified BSD", "BSD-2-Clause"),
    ("GNU GPLv3", "GPL-3.0-only"),
    ("MPL v2.0", "MPL-2.0"),
    ("CC BY-NC 4.0 licence", "CC-BY-NC-4.0"),
    ("Llama3_1", "llama3.1"),
    ("llama-3.1-community", "llama3.1"),
    ("http://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0"),
    ("https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
    ("https://choosealicense.com/licenses/mit/", "MIT"),
    ("https://opensource.org/license/bsd-3-clause", "BSD-3-Clause"),
    ("https://spdx.org/licenses/MPL-2.0.html", "MPL-2.0"),
    ("https://www.gnu.org/licenses/agpl-3.0.en.html", "AGPL-3.0-only"),
    ("https://www.mozilla.org/en-US/MPL/2.0/", "MPL-2.0"),
    ("https://creativecommons.org/licenses/by-nc/4.0/", "CC-BY-NC-4.0"),
    ("creativecommons.org/licenses/by-sa/4.0/legalcode.de", "CC-BY-SA-4.0"),
    ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
    ("https://www.llama.com/llama3_1/license/", "llama3.1"),
    ("https://ai.google.dev/gemma/terms", "gemma"),
])  # fmt: skip
def test_a_spelling_that_is_not_listed_is_known_by_its_words_or_its_address(spelling: str, license_id: str) -> None:
    found = resolve(spelling)
    assert isinstance(found, Resolved)
    assert found.license.id == license_id
    assert canonical_id(spelling) == license_id


@pytest.mark.parametrize("spelling", [
    "https://creativecommons.org/licenses/by/3.0/us/",  # a country's port, which is another text
    "https://example.com/licenses/mit",  # whoever keeps that address may put any text there
    "https://spdx.org/licenses/",
    "the license",
    "version 2.0",
    "mit license " + "x" * 300,
])  # fmt: skip
def test_what_only_looks_like_a_spelling_names_nothing(spelling: str) -> None:
    found = resolve(spelling)
    assert isinstance(found, Unrecognised)
    assert found.nearest is None


@pytest.mark.parametrize(("spelling", "candidates"), [
    ("Llama 3 License", ("llama3", "llama3.1", "llama3.2", "llama3.3")),
    ("llama-3", ("llama3", "llama3.1", "llama3.2", "llama3.3")),
    ("llama 3", ("llama3", "llama3.1", "llama3.2", "llama3.3")),
    ("Llama 3", ("llama3", "llama3.1", "llama3.2", "llama3.3")),
    ("gpl", ("GPL-2.0-only", "GPL-3.0-only")),
    ("bsd", ("BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear")),
    ("modified-mit", ("mistral-modified-mit", "kimi-k2", "minimax-m2", "minimax-m2.1")),
    ("exaone", ("exaone-1.1-nc", "exaone-1.2-nc")),
])  # fmt: skip
def test_a_family_names_no_single_text(spelling: str, candidates: tuple[str, ...]) -> None:
    assert resolve(spelling) == Ambiguous(spelling, candidates)


@pytest.mark.parametrize(("spelling", "nearest"), [
    ("apahce-2.0", "Apache-2.0"),
    ("lama3.1", "llama3.1"),
    ("gemna", "gemma"),
    ("Lllama 3.1", "llama3.1"),
    ("health-ai-developer-foundation", "health-ai-developer-foundations"),
    ("MTI", "MIT"),
])  # fmt: skip
def test_a_typing_error_is_offered_the_nearest_name_and_never_corrected(spelling: str, nearest: str) -> None:
    assert resolve(spelling) == Unrecognised(spelling, "no licence of that name is known", nearest)


@pytest.mark.parametrize(
    "spelling",
    [
        "llama3.5",
        "BSD-4-Clause",
        "SSPL-1.0",
        "acme-license",
        "LicenseRef-llama3.1",
        "LicenseRef-apahce-2.0",
        "xyzzy",
        "a AND b",
        "mini-license",
        "min",
        "unsloth-open-license-1.0",
        "nvlicense",
        "m-exaone",
        "plasma-community-license",
        "deepfloid licence 2",
    ],
)
def test_another_version_or_somebodys_own_licence_is_no_typing_error(spelling: str) -> None:
    assert resolve(spelling) == Unrecognised(spelling, "no licence of that name is known")


@pytest.mark.parametrize(("spelling", "reason"), [
    ("", "no licence is named"),
    (" - ", "no licence is named"),
    ("other", "`other` names no text, and no `license_name` says which it is"),
    ("unknown", "`unknown` names no text"),
    ("Proprietary", "`proprietary` names no text"),
])  # fmt: skip
def test_what_names_no_text_that_was_read_says_why(spelling: str, reason: str) -> None:
    assert resolve(spelling) == Unrecognised(spelling, reason)


@pytest.mark.parametrize(("spelling", "unread", "name"), [
    ("jamba-open-model-license", "jamba-open-model", "Jamba Open Model License"),
    ("gfdl", "GFDL", "GNU Free Documentation License"),
    ("epl-1.0", "EPL-1.0", "Eclipse Public License 1.0"),
    ("swift-open-license-1.0", "swift-open-license-1.0", "Swift Open License 1.0"),
])  # fmt: skip
def test_a_text_that_nobody_read_is_known_by_name_and_never_judged(spelling: str, unread: str, name: str) -> None:
    assert resolve(spelling) == Unrecognised(spelling, f"the text of the {name} has not been read", unread=unread)


def test_other_is_resolved_by_the_name_beside_it() -> None:
    found = resolve("other", license_name="tongyi-qianwen")
    assert isinstance(found, Resolved)
    assert found.license.id == "tongyi-qianwen"


def test_a_name_beside_a_licence_that_names_itself_does_not_count() -> None:
    found = resolve("mit", license_name="tongyi-qianwen")
    assert isinstance(found, Resolved)
    assert found.license.id == "MIT"


def test_an_ambiguous_name_beside_other_stays_ambiguous() -> None:
    found = resolve("other", license_name="falcon-llm-license")
    assert found == Ambiguous("falcon-llm-license", ("falcon-llm-1.0", "falcon-2-11b", "falcon-3"))


@pytest.mark.parametrize("name", ["apache-2.0", "../unread", "..", "", "MIT.json", "registry/MIT"])
def test_only_canonical_ids_are_loaded(name: str) -> None:
    with pytest.raises(LookupError, match="no licence has the id"):
        load(name)


@given(st.text(max_size=60))
def test_no_text_breaks_resolving(text: str) -> None:
    assert isinstance(resolve(text), (Resolved, Ambiguous, Unrecognised))


@given(st.sampled_from(sorted(registry.ids())), st.sampled_from([" ", "_", "-", " - ", "  "]), st.booleans())
def test_case_and_separators_do_not_count(license_id: str, separator: str, upper: bool) -> None:
    spelling = separator.join(license_id.split("-"))
    found = resolve(spelling.upper() if upper else spelling)
    assert isinstance(found, Resolved)
    assert found.license.id == license_id


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_letters_of_other_alphabets_are_not_taken_for_ours() -> None:
    assert resolve("\u041cIT") == Unrecognised("\u041cIT", "no licence of that name is known")  # a Cyrillic M


def test_neither_start_up_nor_a_known_spelling_imports_the_search_for_near_names() -> None:
    code = (
        "import sys; from checker.licenses.registry import resolve; resolve('Apache 2.0'); resolve('llama-3');"
        "print(sorted({'difflib', 'pydantic', 'dataclasses'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_reading_a_licence_opens_its_own_record_alone() -> None:
    code = (
        "import sys; from checker.licenses.registry import load; from pathlib import Path; opened = []; load('MIT');"
        "sys.addaudithook(lambda event, found: event == 'open' and opened.append(Path(found[0]).name));"
        "load('Apache-2.0'); print(opened)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "['Apache-2.0.json']\n"
