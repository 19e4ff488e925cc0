"""Results of each tool are read as they are written; what is no such file is refused with its place."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256

import pytest

from checker.baseline import document
from checker.baseline.document import MAX_BYTES
from checker.baseline.read import of_source, read_baseline, read_results
from checker.baseline.results import NoBaseline
from checker.document.errors import InputError, render_problem
from checker.document.place import SourceFile
from tests.baseline import files


def read(content, name="results.json"):
    return of_source(SourceFile(name, content if isinstance(content, str) else json.dumps(content, indent=1)), name)


def refusal(content):
    with pytest.raises(InputError) as caught:
        read(content)
    return "\n".join(render_problem(problem) for problem in caught.value.problems)


def test_a_newer_file_of_the_harness_is_read_whole():
    found = read(files.newer({"arc": 0.5}))
    [task] = found.tasks
    [score] = task.scores
    assert (found.format, found.model, found.revision, found.made_on, found.parameters) == (
        "lm-evaluation-harness", files.MODEL, files.REVISION, date(2026, 10, 3), 7_615_616_512,
    )  # fmt: skip
    assert (task.task, task.version, task.shots, task.samples, task.of_samples) == ("arc", "1", 5, 1000, 1000)
    assert (score.name, score.value, score.stderr, score.higher_is_better) == ("acc", 0.5, files.error(0.5, 1000), True)
    assert found.doubts == ()


def test_an_older_file_of_the_harness_is_read_whole():
    found = read(files.older())
    assert (found.model, found.revision, found.made_on, found.tool) == (files.MODEL, None, None, "0.3 or older")
    assert [(task.task, task.version, task.shots, task.samples) for task in found.tasks] == [
        ("boolq", "1", 0, None),
        ("triviaqa", "0", 0, None),
    ]
    assert [(score.metric, score.stderr) for task in found.tasks for score in task.scores] == [
        ("acc", 0.0085),
        ("em", 0.004),
    ]


def test_filters_groups_and_absent_errors_of_the_harness_are_kept_apart():
    content = files.newer({"mmlu": 0.6})
    content["group_subtasks"] = {"mmlu": ["mmlu_law"]}
    content["results"]["mmlu"] |= {"exact_match,strict": 0.4, "exact_match_stderr,strict": "N/A"}
    [task] = read(content).tasks
    assert task.is_group
    assert [(score.name, score.stderr is None) for score in task.scores] == [
        ("acc", False),
        ("exact_match,strict", True),
    ]
    assert task.score("exact_match").filter == "strict"


def test_lighteval_is_read_with_its_shots_and_the_day_in_its_name():
    found = read(files.lighteval(), "out/results_2026-10-03T10-00-00.json")
    assert (found.model, found.revision, found.made_on) == (files.MODEL, files.REVISION, date(2026, 10, 3))
    assert [(task.task, task.shots, task.version, task.is_group) for task in found.tasks] == [
        ("leaderboard|gsm8k", 5, "0", False),
        ("lighteval|copa", 0, "0", False),
        ("all", None, "0", True),
    ]


def test_both_ages_of_mteb_are_read():
    [task] = read(files.mteb()).tasks
    assert (task.name, task.version, [score.name for score in task.scores]) == (
        "STSBenchmark (test)", "d" * 40, ["main_score", "cosine_spearman"],
    )  # fmt: skip
    older = read(files.OLDER_MTEB)
    assert [(task.part, [(score.metric, score.value) for score in task.scores]) for task in older.tasks] == [
        ("test", [("accuracy", 0.57), ("main_score", 0.57)]),
        ("validation", [("cosine_spearman", 0.8), ("cosine_pearson", 0.7)]),
    ]


def test_a_folder_of_mteb_is_one_run_of_the_model_beside_it(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(files.mteb()))
    (tmp_path / "b.json").write_text(json.dumps(files.OLDER_MTEB))
    (tmp_path / "model_meta.json").write_text(json.dumps(files.META))
    found = read_results(tmp_path, "evals")
    assert (found.path, found.model, found.revision, len(found.tasks)) == ("evals", files.META["name"], "f" * 40, 3)
    assert read_results(tmp_path / "a.json", "evals/a.json").model == files.META["name"]


@pytest.mark.parametrize(
    ("beside", "words"),
    [
        ({"b.json": files.mteb(), "model_meta.json": files.META}, "has results in two files"),
        ({"b.json": files.newer({"arc": 0.5}), "model_meta.json": files.META}, "is of lm-evaluation-harness"),
        ({}, "is a folder without model_meta.json"),
        ({"model_meta.json": {"name": 5}}, "`name` is `5`"),
    ],
)
def test_a_folder_that_is_no_run_is_refused(tmp_path, beside, words):
    (tmp_path / "a.json").write_text(json.dumps(files.mteb()))
    for name, content in beside.items():
        (tmp_path / name).write_text(json.dumps(content))
    with pytest.raises(InputError, match=words):
        read_results(tmp_path, "evals")


def test_a_report_in_which_one_label_takes_all_is_a_majority_class():
    found = read(files.MAJORITY)
    assert (found.subject, found.subject_is_inferred, found.tasks[0].samples) == ("majority-class", True, 100)
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("accuracy", 0.9, "accuracy is 0.9, and the labels' recalls give 0.6"),
        ("yes", files.MAJORITY["yes"] | {"f1-score": 0.9}, "F1 is not the harmonic mean"),
        ("yes", files.MAJORITY["yes"] | {"recall": 1.5}, "lie between 0 and 1"),
        ("macro avg", files.MAJORITY["macro avg"] | {"support": 7.0}, "the labels add up to 100"),
    ],
)
def test_a_report_that_was_changed_is_noticed(key, value, words):
    assert words in " ".join(doubt.sentence for doubt in read(files.MAJORITY | {key: value}).doubts)


def test_our_own_format_is_read_as_json_and_as_yaml(tmp_path):
    found = read(files.OWN)
    assert (found.subject, found.model, found.made_on) == ("tf-idf", None, date(2026, 10, 3))
    assert (found.tasks[0].scores[0].value, found.tasks[0].scores[0].decimals) == (0.815, 3)
    path = tmp_path / "b.yaml"
    path.write_text(
        "weighbridge_baseline: 1\nsubject: model\nmodel: a/b\n"
        "tasks: {task: t, version: 1, shots: 0, scores: {metric: acc, value: 0.5}}\n"
    )
    assert read_results(path, "b.yaml").tasks[0].shots == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weighbridge_baseline": 2}, "a newer weighbridge is needed"),
        ({"subject": "model"}, "`subject: model` without `model`"),
        ({"subject": "tfidf"}, "did you mean `tf-idf`?"),
        ({"made_onn": 1}, "did you mean `made_on`?"),
        ({"tasks": files.OWN["tasks"] * 2}, "accuracy of tickets stands here twice"),
        ({"tasks": []}, "tasks"),
    ],
)
def test_our_own_format_is_held_to_its_schema(change, words):
    assert words in refusal(files.OWN | change)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "results.json:1:1: error: the file is no JSON"),
        ('{"results": {"a": {"acc": 1}, "a": {"acc": 0}}}', "results.json:1:31: error: the key `a` stands here twice"),
        ('{"results": {"a": {"acc": NaN}}}', "results.json:1:27: error: `results.a.acc` is NaN"),
        ('{"results": {"a": {"acc": 1e999}}}', "`results.a.acc` is infinite"),
        (f'{{"results": {{"a": {{"acc": {"9" * 400}}}}}}}', "1:27: error: `results.a.acc` is `999"),
        ('{"results": {"a": {"acc": 1.1e150}}}', "expected a number of at most 1e+150"),
        ('{"results": {"a": {"acc": 1, "acc_stderr": -1e151}}}', "expected a number of at most 1e+150"),
        (f'{{"results": {{"a": {{"acc": 1}}}}, "end_time": 1{"0" * 400}, "start_time": 0.5}}', "`end_time` is `1000"),
        (f'{{"results": {{"a": {{"acc": 1}}}}, "n-samples": {{"a": {{"original": {"9" * 400}}}}}}}', "at most 1e+150"),
        (
            '{"config_general": {"start_time": NaN, "end_time": 1}, "results": {"a": {"acc": 1}}}',
            "`config_general.start_time` is NaN",
        ),
        (
            '{"macro avg": {"precision": 1, "recall": 1, "f1-score": 1, "support": 1e308}}',
            "`macro avg.support` is `1e+308`",
        ),
        ('{"results": {"a": {"acc": "high"}}}', "results.json:1:27: error: `results.a.acc` is `high`"),
        ('{"results": {"a": {"acc": true}}}', "is true"),
        ('{"results": {"a": {"acc": null}}}', "is null"),
        ('{"results": {"a": {"acc": [1]}}}', "is a list"),
        ('{"results": {"a": 5}}', "`results.a` is `5`"),
        ('{"results": {"a": {}}}', "a task has no score"),
        ('{"results": {"": {"acc": 1}}}', "a key is ``"),
        ('{"results": {"\\ud800": {"acc": 1}}}', "a key is `?`"),
        ('{"results": {"a": {"acc": 1}}, "versions": []}', "`versions` is a list"),
        ('{"results": {"a": {"acc": 1}}, "n-shot": {"a": -1}}', "expected a whole number from 0"),
        ('{"results": {"a": {"acc": 1}}, "date": 1e15}', "expected seconds since 1970"),
        ('{"results": {"a": {"acc": 1}}, "model_name": 7}', "`model_name` is `7`"),
        ('{"results": {"a": {"acc": 1}}, "config": {"model_args": 7}}', "expected `key=value,…` or an object"),
        (f'{{"results": {"9" * 5000}}}', "thousands of digits"),
        ('{"results": ' + "[" * 50 + "]" * 50 + "}", "more than 40 levels"),
        ('{"a": ' * 20_000, "more than 40 levels"),
        ("{}", "is no file of results"),
        ('{"config_general": {}, "results": {}}', "`results` has no task"),
        ('{"mteb_version": "1", "task_name": "t", "scores": {"test": 5}}', "`scores.test` is `5`"),
        ('{"mteb_version": "1", "task_name": "t", "scores": {"test": [{"main_score": NaN}]}}', "main_score` is NaN"),
        ('{"macro avg": {"f1-score": 1}, "x": {"recall": 1}}', "a label has no `precision`"),
    ],
)
def test_hostile_files_are_refused_with_their_place(content, words):
    assert words in refusal(content)


def test_a_file_is_read_within_the_repository_and_a_size(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "x.json").write_text(json.dumps(files.older()))
    (tmp_path / "in/large.json").write_text(" " * (MAX_BYTES + 1))
    assert read_baseline("../x.json", tmp_path / "in", tmp_path / "in").reason == "the path leads out of the repository"
    assert "larger than 16 MiB" in read_baseline("large.json", tmp_path / "in", tmp_path / "in").reason
    assert isinstance(read_baseline("none.json", tmp_path, tmp_path), NoBaseline)


def test_a_file_of_our_own_format_is_read_up_to_1_mib():
    assert "larger than 1 MiB" in refusal(json.dumps(files.OWN) + " " * 2**20)


def test_numbers_that_are_small_are_read_as_they_are():
    [task] = read('{"results": {"a": {"prob": 1e-300, "prob_stderr": 5e-324}}}').tasks
    assert [(score.value, score.stderr) for score in task.scores] == [(1e-300, 5e-324)]


def test_the_largest_file_that_is_known_is_read():
    """A split of FloresBitextMining of MTEB: every pair of 204 languages."""
    content = files.mteb()
    [row] = content["scores"]["test"]
    row |= {"accuracy": 0.5, "f1": 0.5, "precision": 0.5, "recall": 0.5}
    content["scores"]["test"] = [row | {"hf_subset": f"a-{number}"} for number in range(204 * 203)]
    assert len(read(content).tasks) == 41_412


def test_the_files_of_a_folder_are_bounded_together(tmp_path, monkeypatch):
    (tmp_path / "model_meta.json").write_text(json.dumps(files.META))
    (tmp_path / "a.json").write_text(json.dumps(files.mteb()))
    (tmp_path / "b.json").write_text(json.dumps(files.OLDER_MTEB))
    monkeypatch.setattr("checker.baseline.read._MAX_FOLDER", len(json.dumps(files.mteb())) + 1)
    with pytest.raises(InputError, match="the files of the folder are together larger than"):
        read_results(tmp_path, "evals")


def answers(*values):
    return [
        {"filter": "none", "acc": value, "doc_hash": f"d{n}", "prompt_hash": "p", "target_hash": "t"}
        for n, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ""),
        ({"acc": 0.75}, "arc: acc is 0.75, and the answers in samples_arc_S.jsonl give 0.5"),
        ({"n": 5}, "5 questions, and samples_arc_S.jsonl has 4"),
        ({"hash": "0" * 64}, "`task_hashes` is not the hash of samples_arc_S.jsonl"),
        ({"lines": "[]\n"}, "is no file of answers"),
        ({"lines": f'{{"acc": 1{"0" * 400}}}\n'}, "arc: acc is 0.5, and the answers in samples_arc_S.jsonl give nan"),
        ({"lines": '{"acc": 1, "acc": 0}\n'}, "is no file of answers"),
        ({"lines": "\n" * 500_001}, "samples_arc_S.jsonl was not looked at: it has more than 500,000 lines"),
        ({"lines": f'{{"resps": [{"[]," * 250_000}[]]}}\n'}, "was not looked at: the file has 500,0"),
        ({"lines": '{"acc": Infinity}\n{"acc": -Infinity}\n'}, "the answers in samples_arc_S.jsonl give nan"),
    ],
)
def test_results_are_held_against_the_answers_beside_them(tmp_path, changed, words):
    lines = answers(1.0, 0.0, 1.0, 0.0)
    joined = "".join(line[key] for line in lines for key in ("doc_hash", "prompt_hash", "target_hash"))
    content = files.newer({"arc": changed.get("acc", 0.5)}, changed.get("n", 4))
    content["task_hashes"] = {"arc": changed.get("hash", sha256(joined.encode()).hexdigest())}
    (tmp_path / "results_S.json").write_text(json.dumps(content))
    text = changed.get("lines", "".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "samples_arc_S.jsonl").write_text(text)
    said = " ".join(doubt.sentence for doubt in read_results(tmp_path / "results_S.json", "r.json").doubts)
    assert (words in said, bool(said)) == (True, bool(words)), said


def written(folder, lines, **metrics):
    """Results of four questions beside their answers; the doubts about them."""
    content = files.newer({"arc": 0.5}, 4)
    content["results"]["arc"] |= {key.replace("__", ","): value for key, value in metrics.items()}
    (folder / "results_S.json").write_text(json.dumps(content))
    (folder / "samples_arc_S.jsonl").write_bytes("".join(lines).encode())
    return [doubt.sentence for doubt in read_results(folder / "results_S.json", "r.json").doubts]


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\r"])
def test_a_line_of_answers_ends_with_a_line_feed_alone(tmp_path, end):
    """The harness writes the texts of questions as they are (`ensure_ascii=False`)."""
    text = end if end > "\x1f" else ""  # JSON has the others between values alone
    lines = [json.dumps(line | {"doc": f"a{text}b"}, ensure_ascii=False) for line in answers(1.0, 0.0, 1.0, 0.0)]
    assert written(tmp_path, [f"{line}{end if end == chr(13) else ''}\n" for line in lines]) == []


def test_the_answers_of_each_filter_are_held_against_its_score(tmp_path):
    lines = [
        json.dumps({"filter": name, "acc": value}) + "\n"
        for name, values in (("none", (1, 0, 1, 0)), ("strict", (1, 0, 0, 0)))
        for value in values
    ]
    assert written(tmp_path, lines, acc__strict=0.5) == [
        "arc: acc,strict is 0.5, and the answers in samples_arc_S.jsonl give 0.25"
    ]


def test_the_answers_beside_one_file_are_bounded_together(tmp_path, monkeypatch):
    monkeypatch.setattr("checker.baseline.samples.MAX_ANSWERS_TOGETHER", 5)
    (tmp_path / "results_S.json").write_text(json.dumps(files.newer({"arc": 0.5, "boolq": 0.5}, 4)))
    for task in ("arc", "boolq"):
        text = "".join(json.dumps(line) + "\n" for line in answers(1.0, 0.0, 1.0, 0.0))
        (tmp_path / f"samples_{task}_S.jsonl").write_text(text)
    assert [
        (doubt.certain, doubt.sentence) for doubt in read_results(tmp_path / "results_S.json", "r.json").doubts
    ] == [
        (
            False,
            "samples_boolq_S.jsonl was not looked at: there are more than 5 lines of answers beside the results",
        )
    ]


def test_a_task_may_be_called_what_no_file_can_be(tmp_path):
    (tmp_path / "results_S.json").write_text(json.dumps(files.newer({"arc" * 100: 0.5, "a\0rc": 0.5})))
    assert [task.task for task in read_results(tmp_path / "results_S.json", "r.json").tasks] == ["arc" * 100, "a\0rc"]


def test_nothing_is_read_behind_the_twentieth_mistake(monkeypatch):
    asked = []
    monkeypatch.setattr(document, "_is_number", lambda value: bool(asked.append(value)))
    content = {"results": {"arc": {f"metric{number}": "?" for number in range(500)}}, "config": {}, "versions": {}}
    assert refusal(content).count("expected a number") == 20
    assert len(asked) == 20
