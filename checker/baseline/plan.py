"""The command that evaluates a model before fine-tuning: the harness for what it does, each flag with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import quote

from checker.document.errors import shown
from checker.value import NamedTuple

LM_EVAL = "EleutherAI/lm-evaluation-harness, docs/interface.md"
HF_MODEL = "EleutherAI/lm-evaluation-harness, lm_eval/models/huggingface.py"
MULTI_GPU = "EleutherAI/lm-evaluation-harness, README.md (multi-GPU evaluation)"
MTEB_CLI = "embeddings-benchmark/mteb, mteb/cli/build_cli.py"
OURS = "docs/baseline.md"
_BYTES = 2
"""Bytes of one weight in bf16 or fp16, which `dtype=auto` takes from nearly every checkpoint."""
_ROOM = 0.8
"""Part of a GPU that weights may take: the rest is for activations and logits. A heuristic."""
_GENERATING = ("chat", "text-generation")
_EMBEDDING = {"similarity": "STSBenchmark", "reranking": "AskUbuntuDupQuestions"}
"""The task of MTEB that is proposed where the project names none."""
_DEFAULT_TASK = ("mmlu", 5)
"""MMLU with five shots, as it was published (arXiv:2009.03300)."""

_MODEL = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./ -]*")
_TASK = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.*-]*(?<!\.yaml)")


class Asked(NamedTuple):
    """What is known of the model to evaluate."""

    name: str
    model: str
    revision: str | None
    """The commit; None where nothing pins one."""
    objective: str
    instruct: bool | None
    """Whether it was trained to follow instructions; None where nobody knows."""
    parameters: int | None
    gpus: int
    """GPUs of the machine; 0 where none is declared."""
    gpu_bytes: int | None
    """Memory of each."""
    tasks: tuple[tuple[str, int | None], ...]
    """Tasks with their shots, as the project names them."""
    is_local: bool = False
    remote_code: bool = False


class Flag(NamedTuple):
    """One part of the command."""

    words: tuple[str, ...]
    source: str


class Plan(NamedTuple):
    """How to make the baseline of one model."""

    name: str
    harness: str
    commands: tuple[tuple[Flag, ...], ...]
    """One command for each number of shots."""
    notes: tuple[str, ...] = ()
    missing: str = ""
    """What has to be stated before a command can be printed."""
    fits: bool = True
    """Whether the weights fit the hardware that is declared, as far as that is known."""

    def lines(self) -> tuple[str, ...]:
        """The commands as a shell takes them."""
        return tuple(" ".join(quote(word) for flag in command for word in flag.words) for command in self.commands)


def plan(asked: Asked) -> Plan:
    """The commands for one model; what is missing, where there is none."""
    if asked.objective.endswith("classification"):
        return _classifier(asked)
    if asked.objective not in (*_GENERATING, *_EMBEDDING):
        return Plan(asked.name, "none", (), missing=f"no harness is known for `objective: {asked.objective}`")
    if asked.revision is None and not asked.is_local:
        missing = f"no commit is pinned: state `revision:` of {asked.model}, or run `weighbridge lock`"
        return Plan(asked.name, "none", (), missing=missing)
    odd = next(_words(asked), None)
    if odd is not None:
        return Plan(asked.name, "none", (), missing=odd)
    return _decoder(asked) if asked.objective in _GENERATING else _embedder(asked)


def _words(asked: Asked) -> Iterator[str]:
    """What may not become a word of a command: a comma begins another argument, a path is a file of tasks with code."""
    if not _MODEL.fullmatch(asked.model):
        yield f"`{shown(asked.model)}` is no name that the command may hold: letters, digits, . _ - and / alone"
    for task, _ in asked.tasks:
        if not _TASK.fullmatch(task):
            yield f"`{shown(task)}` is no name of a task: state letters, digits, . _ - and * under `baseline_run.tasks`"


def _decoder(asked: Asked) -> Plan:
    notes = list(_common_notes(asked))
    tasks = asked.tasks
    if not tasks:
        tasks = (_DEFAULT_TASK,)
        notes.append(
            "no task is declared under `baseline_run.tasks`: mmlu with 5 shots is proposed; add those of your own work"
        )
    needed = asked.parameters * _BYTES if asked.parameters else None
    split, fits = False, True
    if needed is not None and asked.gpu_bytes:
        split = asked.gpus > 1 and needed > asked.gpu_bytes * _ROOM
        fits = needed <= asked.gpu_bytes * asked.gpus * _ROOM
        if not fits:
            notes.append(f"heuristic: weights of {needed / 2**30:.1f} GiB in 16 bits do not fit {asked.gpus} GPU(s) of "
                         f"{asked.gpu_bytes / 2**30:.1f} GiB with room to work")  # fmt: skip
    by_shots: dict[int | None, list[str]] = {}
    for task, shots in tasks:
        by_shots.setdefault(shots, []).append(task)
    commands = tuple(_lm_eval(asked, names, shots, split) for shots, names in by_shots.items())
    if asked.instruct is None:
        notes.append("whether it is an instruct model is unknown: add --apply_chat_template where it is one")
    if asked.remote_code:
        notes.append("loading it runs code from its repository: `trust_remote_code=True` is left out on purpose")
    return Plan(asked.name, "lm-evaluation-harness", commands, tuple(notes), fits=fits)


def _common_notes(asked: Asked) -> list[str]:
    if not asked.gpus:
        return ["no hardware is declared: the device is left to the harness"]
    return []


def _lm_eval(asked: Asked, tasks: list[str], shots: int | None, split: bool) -> tuple[Flag, ...]:
    arguments = [f"pretrained={asked.model}"]
    arguments += [f"revision={asked.revision}"] if asked.revision and not asked.is_local else []
    arguments += ["dtype=auto"]
    arguments += ["parallelize=True"] if split else []
    spread = asked.gpus > 1 and not split
    start = Flag(("accelerate", "launch", "-m", "lm_eval"), MULTI_GPU) if spread else Flag(("lm_eval",), LM_EVAL)
    flags = [
        start,
        Flag(("--model", "hf"), LM_EVAL),
        Flag(("--model_args", ",".join(arguments)), HF_MODEL),
        Flag(("--tasks", ",".join(tasks)), LM_EVAL),
    ]
    flags += [Flag(("--num_fewshot", str(shots)), LM_EVAL)] if shots is not None else []
    flags += [Flag(("--batch_size", "auto"), LM_EVAL)]
    flags += [Flag(("--device", "cuda:0"), LM_EVAL)] if asked.gpus == 1 else []
    if asked.instruct:
        flags.append(Flag(("--apply_chat_template",), LM_EVAL))
        flags += [Flag(("--fewshot_as_multiturn",), LM_EVAL)] if shots else []
    return (*flags, Flag(("--log_samples",), LM_EVAL), Flag(("--output_path", "evals/"), LM_EVAL))


def _embedder(asked: Asked) -> Plan:
    notes = list(_common_notes(asked))
    tasks = [task for task, _ in asked.tasks]
    if not tasks:
        tasks = [_EMBEDDING[asked.objective]]
        notes.append(
            f"no task is declared under `baseline_run.tasks`: {tasks[0]} is proposed; add those of your own work"
        )
    # 32 is what sentence-transformers takes by itself; on a processor smaller batches keep the memory low.
    size = 32 if asked.gpus else 8
    notes.append(f"heuristic: a batch of {size}; it moves time and memory, not the scores")
    flags = [
        Flag(("mteb", "run"), MTEB_CLI),
        Flag(("-m", asked.model), MTEB_CLI),
        *([Flag(("--model-revision", asked.revision), MTEB_CLI)] if asked.revision and not asked.is_local else []),
        Flag(("-t", *tasks), MTEB_CLI),
        Flag(("--batch-size", str(size)), MTEB_CLI),
        *([Flag(("--device", "0"), MTEB_CLI)] if asked.gpus else []),
        Flag(("--output-folder", "evals"), MTEB_CLI),
    ]
    return Plan(asked.name, "mteb", (tuple(flags),), tuple(notes))


def _classifier(asked: Asked) -> Plan:
    """No harness has the project's labels: its own data decides, and a simple baseline is what has to be beaten."""
    multi = asked.objective.startswith("multi-label")
    script = _MULTI_LABEL if multi else _MULTI_CLASS
    flags = (Flag(("python", "-c", script), OURS),)
    notes = (
        "reads train.csv and test.csv with the columns `text` and `label`, and writes evals/baseline.json",
        "scores of the untuned model have no meaning here: its classification head is new",
    )
    return Plan(asked.name, "sklearn", (flags,), notes)


_HEAD = """\
import csv, datetime, hashlib, json, pathlib, sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline
read = lambda name: list(csv.DictReader(open(name, encoding='utf-8', newline='')))
train, test = read('train.csv'), read('test.csv')
x, z = [r['text'] for r in train], [r['text'] for r in test]
"""
_TAIL = """\
digest = hashlib.sha256(pathlib.Path('test.csv').read_bytes()).hexdigest()
result = {'weighbridge_baseline': 1, 'subject': 'tf-idf', 'made_on': str(datetime.date.today()),
          'tool': 'scikit-learn ' + sklearn.__version__,
          'tasks': [{'task': 'test', 'version': digest[:12], 'samples': len(test), 'digest': digest, 'scores': [
              {'metric': 'accuracy', 'value': round(float(accuracy_score(truth, said)), 6)},
              {'metric': 'f1_macro',
               'value': round(float(f1_score(truth, said, average='macro', zero_division=0)), 6)}]}]}
pathlib.Path('evals').mkdir(exist_ok=True)
pathlib.Path('evals/baseline.json').write_text(json.dumps(result, indent=2))
"""
_MULTI_CLASS = (
    _HEAD
    + """\
y, truth = [r['label'] for r in train], [r['label'] for r in test]
said = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000)).fit(x, y).predict(z)
"""
    + _TAIL
)
_MULTI_LABEL = (
    _HEAD
    + """\
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer
labels = MultiLabelBinarizer().fit([set(r['label'].split('|')) for r in train])
y, truth = (labels.transform([set(r['label'].split('|')) for r in rows]) for rows in (train, test))
said = make_pipeline(TfidfVectorizer(), OneVsRestClassifier(LogisticRegression(max_iter=1000))).fit(x, y).predict(z)
"""
    + _TAIL
)
