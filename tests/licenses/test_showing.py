"""A duty is shown where its text can be read, or where somebody looked and says when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checker.licenses.circumstances import Circumstances
from checker.licenses.obligations import owed
from checker.licenses.registry import load
from checker.licenses.showing import Claim, NotShown, Shown, judge

TODAY = date(2026, 11, 23)
APACHE = (Path(__file__).resolve().parents[2] / "LICENSE").read_text(encoding="utf-8")
WEIGHTS = Circumstances(distribution=("weights", "service"), purpose="commercial")
NOTICE = "Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright © Meta Platforms, Inc."


def duty(license_id: str, name: str):
    """One duty of a licence whose copies are passed on, of a model made with it."""
    duties = owed(load(license_id), WEIGHTS, modified=True, notices=(NOTICE,) if license_id == "llama3.1" else ())
    return next(one for one in duties if one.name == name)


@pytest.mark.parametrize(("license_id", "name", "text"), [
    ("llama3.1", "built-with-llama", "# About\n\nThis product is\n**built with  Llama**."),
    ("llama3.1", "notice-file", f"Acme\n{NOTICE.upper()}"),
    ("llama3.1", "use-policy", "Users agree to the Acceptable Use Policy at https://acme.example/aup."),
    ("Apache-2.0", "license-copy", f"NOTICE of Acme\n\n{APACHE}\n\nFurther licences follow."),
    ("Apache-2.0", "state-changes", "We fine-tuned the model on our tickets."),
    ("qwen", "built-with-qwen", "Improved using Qwen"),
    ("AGPL-3.0-only", "network-source", "https://git.acme.example/assistant"),
    ("CC-BY-4.0", "attribution", "By the authors of the model."),
    ("CC-BY-4.0", "license-copy-or-link", "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"),
    ("yi-2.1", "license-copy", "yi-2.1: its text follows"),
])  # fmt: skip
def test_a_file_that_says_it_shows_it(license_id, name, text):
    wanted = duty(license_id, name)
    claim = Claim(name, "NOTICE", text)
    assert judge(wanted, [claim], (), TODAY, None) == Shown("NOTICE", claim)


@pytest.mark.parametrize(("license_id", "name", "text", "reason"), [
    ("llama3.1", "built-with-llama", "Powered by models", 'NOTICE does not say "Built with Llama"'),
    ("llama3.1", "notice-file", "Llama 3.1", f'NOTICE does not say "{NOTICE}"'),
    ("llama3.1", "use-policy", "Be kind.", "NOTICE names no use policy and no use restrictions"),
    ("Apache-2.0", "license-copy", "Apache-2.0", "NOTICE does not hold the text of Apache-2.0"),
    ("Apache-2.0", "license-copy", APACHE.replace("perpetual", "temporary"),
     "NOTICE does not hold the text of Apache-2.0"),
    ("Apache-2.0", "state-changes", "All as it was.", "NOTICE says nothing of changes"),
    ("AGPL-3.0-only", "network-source", " \n", "NOTICE is empty"),
])  # fmt: skip
def test_a_file_that_does_not_say_it_does_not(license_id, name, text, reason):
    claim = Claim(name, "NOTICE", text)
    assert judge(duty(license_id, name), [claim], (), TODAY, None) == NotShown(reason, claim)


@pytest.mark.parametrize(("checked_on", "by", "max_age_days", "reason"), [
    (date(2026, 11, 2), "legal", None, ""),
    (date(2026, 11, 2), "legal", 21, ""),
    (date(2026, 11, 2), "legal", 20, "https://acme.example: somebody looked 21 days ago, and the policy allows 20"),
    (date(2026, 11, 24), "legal", None,
     "https://acme.example: the day on which somebody looked, 2026-11-24, is still to come"),
    (None, "legal", None, "https://acme.example: nobody says when it was looked at (`checked_on`)"),
    (date(2026, 11, 2), "", None, "https://acme.example: nobody says who looked (`by`)"),
])  # fmt: skip
def test_an_address_counts_with_a_day_and_a_person(checked_on, by, max_age_days, reason):
    claim = Claim("built-with-llama", "https://acme.example", None, "", checked_on, by)
    found = judge(duty("llama3.1", "built-with-llama"), [claim], (), TODAY, max_age_days)
    assert found == (NotShown(reason, claim) if reason else Shown("https://acme.example", claim))


def test_a_file_that_cannot_be_read_shows_nothing():
    claim = Claim("built-with-llama", "NOTICE", "", "there is no such file")
    found = judge(duty("llama3.1", "built-with-llama"), [claim], (), TODAY, None)
    assert found == NotShown("NOTICE: there is no such file", claim)


def test_one_line_that_shows_it_is_enough():
    claims = [Claim("built-with-llama", "a", "nothing"), Claim("built-with-llama", "b", "Built with Llama")]
    assert judge(duty("llama3.1", "built-with-llama"), claims, (), TODAY, None) == Shown("b", claims[1])


def test_without_a_line_it_is_not_shown():
    wanted = NotShown("no line under `obligations` says where it is shown")
    assert judge(duty("llama3.1", "built-with-llama"), [Claim("other", "a", "x")], (), TODAY, None) == wanted


@pytest.mark.parametrize(("names", "found"), [
    (("Llama-Acme-8B",), Shown("Llama-Acme-8B")),
    (("Acme-8B",), NotShown("the name is Acme-8B")),
    (("Llama-Acme-8B", "llama acme 1B"), Shown("Llama-Acme-8B, llama acme 1B")),
    (("Llama-Acme-8B", "Acme-8B", "Acme-1B"), NotShown("the name is Acme-8B")),
    ((), NotShown("no line under `obligations` says where it is shown")),
])  # fmt: skip
def test_a_name_is_held_against_its_prefix(names, found):
    assert judge(duty("llama3.1", "name-prefix"), [], names, TODAY, None) == found
