"""The fast path says what the engine says: of each model, by each rule, for many questions, and of tables too."""

from __future__ import annotations

import csv
import io
import json

import pytest

from checker.facts.calibration import Calibration
from checker.facts.fact import Certainty
from checker.facts.lock_state import LockState
from checker.selection.chosen import reasons
from checker.selection.judge import Group
from checker.selection.marks import Marks
from checker.selection.rank import READS, Wishes, ranked
from checker.selection.watched import Reads, WatchedFacts
from tests.selection.asking import CATALOGUE, CHAT, TODAY, TUNED, asked, judged

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time

SERVED = {"context_window": "8192", "gpu": "L4"}
QUESTIONS = [
    {"objective": "chat"},
    CHAT,
    {**CHAT, "size_class": "general", "parallel_requests": "16", "quantization": "fp8"},
    {"objective": "chat", "purpose": "commercial", "distribution": "weights", "region": "EU"},
    {"objective": "chat", "goal": "new-language", "documents": "long-form"},
    {"objective": "text-generation", "monthly_active_users": "900000000", **SERVED},
    {"objective": "chat", "runtime": "llama.cpp", "quantization": "Q4_K_M", "context_window": "4096", "vram": "8 GiB"},
    {"objective": "similarity", "context_window": "512", "gpu": "L4"},
    {"objective": "reranking", "size_class": "edge"},
    {"objective": "multi-label-classification", "purpose": "research"},
    {"objective": "multi-class-classification", "distribution": "on-device", **SERVED},
]
PACKS = ("enterprise", "permissive-only", "research", "enterprise")


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_the_fast_path_never_differs_from_the_engine(number):
    given, pack = QUESTIONS[number], f"weighbridge:{PACKS[number % len(PACKS)]}"
    _hold_against_the_engine(given, CATALOGUE.ids()[number % 6 :: 6], pack)


@pytest.mark.parametrize(("method", "first"), [("lora", 3), ("qlora", 40), ("full", 77)])
def test_a_bound_refuses_nothing_that_the_estimate_admits(method, first):
    given = {**TUNED, "method": method, "sequence_length": "1024", "gpu": "RTX 4090"}
    _hold_against_the_engine(given, CATALOGUE.ids()[first::100], "weighbridge:enterprise")


def _hold_against_the_engine(given, ids, pack):
    fast, whole = (judged(asked(**given), ids, fast=fast, pack=pack) for fast in (True, False))
    wishes = Wishes(
        {"quality": 2.0, "fit": 1.0, "context": 1.0, "size": 1.0, "license": 1.0, "age": 1.0}, "MMLU", TODAY
    )
    for model, found in whole.items():
        told = fast[model]
        assert told.group is found.group, model
        assert told.changes == found.changes, model
        said = {one.rule: (one.verdict, one.blocks) for one in found.evaluations}
        assert all(said[mark.rule] == (mark.verdict, mark.blocks) for mark in told.marks), model
        if found.group is Group.STOPPED:
            continue
        assert told.stops == found.stops, model
        [own], [other] = ranked([told], wishes), ranked([found], wishes)
        assert (own.score, own.memory, own.limit) == (other.score, other.memory, other.limit), model


def test_the_words_that_are_kept_are_those_of_the_engine():
    from checker.selection.judge import Judge
    from checker.selection.watched import told
    from tests.selection.asking import standing

    kept = Judge(asked(**QUESTIONS[4]), (), standing(), words=True)
    by_engine = judged(asked(**QUESTIONS[4]), CATALOGUE.ids()[::4])
    compared = 0
    for model, found in by_engine.items():
        own = kept.judged(found.candidate)
        if own.said:
            revision = found.facts.revision
            said = tuple(told(line, model, revision) for line in own.said)
            assert [line for line in said if "it is only" not in line] == [
                line
                for line in reasons(found)
                if "it is only" not in line  # which names its source: one of many here
            ]
            compared += 1
    assert compared > 50


def test_a_rank_reads_no_fact_that_it_does_not_name():
    for model in CATALOGUE.ids()[::60]:
        [found] = judged(asked(**CHAT), [model]).values()
        reads = Reads()
        found.candidate.dossier = found.candidate.dossier._replace(
            facts=WatchedFacts(found.facts, Certainty.CLAIMED, reads).as_facts()
        )
        ranked(
            [found],
            Wishes(
                {"quality": 1.0, "fit": 1.0, "context": 1.0, "size": 1.0, "license": 1.0, "age": 1.0}, "MMLU", TODAY
            ),
        )
        assert set(reads.names) - {"model"} <= set(READS)


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        ("revision-pinned", {"lock": LockState(file="model.lock")}),
        ("training-fits", {"calibration": Calibration("calibration.yaml", ())}),
    ],
)
def test_what_a_file_holds_of_one_model_stands_for_no_other(monkeypatch, rule, held):
    """A rule that reads the lock or what was measured is asked again for each model of which there is any."""
    asked_of = []
    plain = Marks._asked

    def noted(self, entry, dossier, rule, end):
        asked_of.append(rule.rule.id)
        return plain(self, entry, dossier, rule, end)

    monkeypatch.setattr(Marks, "_asked", noted)
    from checker.selection.gathered import Surroundings, of_ids
    from checker.selection.judge import Judge
    from tests.selection.asking import standing

    question = asked(objective="chat")
    judge = Judge(question, (), standing())
    from pathlib import Path

    ids = [one for one in CATALOGUE.ids() if one.startswith("Qwen/Qwen2.5-")][:4]
    for one in of_ids(question, ids, Surroundings(Path(), Path(), CATALOGUE)):
        judge.judged(one)
    assert asked_of.count(rule) == 1
    for one in of_ids(question, ids, Surroundings(Path(), Path(), CATALOGUE)):
        one.dossier = one.dossier._replace(**held)
        judge.judged(one)
    assert asked_of.count(rule) == 1 + len(ids)


NAMES = ("acme/a", "b", "acme/Llama-c", "x/d-AWQ", "y/e")
LICENSES = ("apache-2.0", "mit", "cc-by-nc-4.0", "llama3.1", "", "gemma", "\x1b[31m", "odd words, no licence")
KINDS = ("decoder", "encoder", "bi-encoder", "", "many")


def _rows(form):
    for number in range(160):
        row = {
            "id": f"{NAMES[number % 5]}{number}" if number % 37 else "no model at all",
            "license": LICENSES[number % 8],
            "kind": KINDS[number // 8 % 5],
            "tuned": ("instruct", "base", "")[number // 40 % 3],
            "size": ("7.6B", "70B", "1.5B", "")[number // 3 % 4],
            "context": (4096, 131072, "", 32768)[number // 7 % 4],
            "sha": f"{number:040x}" if number % 3 else "main",
        }
        if form == "jsonl" and number % 11 == 0:
            row |= {"license": [row["license"]], "context": float(8192)}
        yield row


MAPS = ("id=model", "license=license", "kind=architecture_class", "tuned=variant", "size=parameters",
        "context=native_context", "sha=revision")  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize(
    "plan",
    [
        (),
        ("--context-window", "16384"),
        ("--goal", "new-language", "--size-class", "general"),
        ("--goal", "tone", "--method", "lora", "--sequence-length", "512", "--vram", "8 GiB"),
    ],
)
def test_a_table_gets_the_verdicts_that_each_row_gets_alone(project, inside, form, plan):
    rows = list(_rows(form))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    text = stream.getvalue() if form == "csv" else "".join(json.dumps(row) + "\n" for row in rows)
    folder = project({f"t.{form}": text})
    mapped = [f"--map={one}" for one in MAPS]
    assert inside(
        "select", "--objective", "chat", "--models", f"t.{form}", *mapped, *plan, "--verdicts", "v.csv"
    ).code in (0, 1, 3)
    found = list(csv.DictReader(io.StringIO((folder / "v.csv").read_text(encoding="utf-8"))))
    assert [row["row"] for row in found] == [str(number) for number in range(1, 161)]
    alone = _alone(rows, plan)
    for number, row in enumerate(found):
        group, rules, why = alone[number]
        assert row["group"] == group, rows[number]
        held = set(row["rules"].split(", ")), set(row["reasons"].split("; ")) & set(why.split("; "))
        if group == "stopped":  # judging ends where that is certain
            assert held[0] <= set(rules.split(", ")), rows[number]
            assert held[1], rows[number]
        else:
            assert (row["rules"], row["reasons"]) == (rules, why), rows[number]


def _alone(rows, plan):
    """The verdict of each row by the whole engine, without anything that another row left behind."""
    from pathlib import Path

    from checker.report.csv import safe_row
    from checker.selection.gathered import Surroundings, of_facts
    from checker.selection.judge import Judge
    from checker.selection.table import NO_MODEL, Columns, facts_of, model_in
    from checker.selection.verdicts import verdict_of
    from tests.selection.asking import standing

    columns = Columns.of_options(MAPS)
    names = dict(columns.of)
    options = {key[2:].replace("-", "_"): value for key, value in zip(plan[::2], plan[1::2], strict=True)}
    question = asked(objective="chat", **options)
    around = Surroundings(Path(), Path(), CATALOGUE)
    judge = Judge(question, (), standing(), fast=False)
    found = []
    for row in rows:
        cells = [row[names[field]] for field in columns.fields]
        model = model_in(cells[0])
        if model is None:
            found.append(("refused", "", NO_MODEL))
            continue
        verdict = verdict_of(judge.judged(of_facts(question, facts_of(model, cells, columns, "t"), around)))
        safe = safe_row({"rules": verdict.rules, "reasons": verdict.reasons})
        found.append((verdict.group, safe["rules"], safe["reasons"]))
    return found
