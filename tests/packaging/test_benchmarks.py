"""A benchmark that nobody runs breaks unseen: what each format of the outputs needs is tried on a small report."""

from __future__ import annotations

import pytest

from benchmarks import output_speed
from checker import report


@pytest.mark.parametrize("name", output_speed.rendered())
def test_the_benchmark_of_outputs_can_render_what_it_measures(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output_speed, "MANIFESTS", 2)
    monkeypatch.setattr(output_speed, "FINDINGS", 10)
    output_speed.render_one(name)
    seconds, _, peak, characters = map(float, capsys.readouterr().out.split())
    assert seconds > 0
    assert peak > 0
    assert characters > 100


def test_what_it_leaves_out_shows_more_than_verdicts() -> None:
    assert {*report.formats()} - {*output_speed.rendered()} == {"html"}
