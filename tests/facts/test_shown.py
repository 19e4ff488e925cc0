"""Files that a manifest names are read as text; nothing outside the repository is."""

from __future__ import annotations

from checker.facts.shown import ShownText, read_shown


def test_files_are_read_and_addresses_left_out(tmp_path):
    (tmp_path / "NOTICE").write_text("Built with Llama\n", encoding="utf-8")
    assert read_shown(("NOTICE", "https://acme.example", "NOTICE"), tmp_path, tmp_path) == (
        ShownText("NOTICE", "Built with Llama\n"),
    )


def test_what_cannot_be_read_says_why(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    outside, absent = read_shown(("../secret", "absent"), inside, inside)
    assert outside == ShownText("../secret", problem="the path leads out of the repository")
    assert (absent.text, bool(absent.problem)) == ("", True)
