"""Results as the harnesses write them, reconstructed small with figures of our own."""

from __future__ import annotations

from math import sqrt

MODEL = "Qwen/Qwen2.5-7B-Instruct"
REVISION = "a09a35458c702b33eeacc393d103063234e8bc28"
ON = 1_790_985_600.5
"""2026-10-03, in seconds since 1970."""


def error(share: float, questions: int) -> float:
    """The standard error of a share of right answers."""
    return sqrt(share * (1 - share) / (questions - 1))


def newer(scores: dict[str, float], questions: int = 1000, *, model: str = MODEL, revision: str = REVISION, **top):
    """A file of lm-evaluation-harness 0.4."""
    return {
        "results": {
            task: {"alias": task, "acc,none": share, "acc_stderr,none": error(share, questions)}
            for task, share in scores.items()
        },
        "group_subtasks": {task: [] for task in scores},
        "configs": {task: {"task": task, "num_fewshot": 5} for task in scores},
        "versions": dict.fromkeys(scores, 1.0),
        "n-shot": dict.fromkeys(scores, 5),
        "higher_is_better": {task: {"acc": True} for task in scores},
        "n-samples": {task: {"original": questions, "effective": questions} for task in scores},
        "config": {
            "model": "hf",
            "model_args": f"pretrained={model},revision={revision},dtype=auto",
            "model_num_parameters": 7_615_616_512,
            "model_sha": revision,
            "batch_size": "auto",
            "limit": None,
        },
        "git_hash": "0123abcd",
        "date": ON,
        "task_hashes": {},
        "model_name": model,
        "model_name_sanitized": model.replace("/", "__"),
        "start_time": 10.0,
        "end_time": 40.0,
        "total_evaluation_time_seconds": "30.0",
    } | top


def older():
    """A file of lm-evaluation-harness 0.3."""
    return {
        "results": {"boolq": {"acc": 0.61, "acc_stderr": 0.0085}, "triviaqa": {"em": 0.25, "em_stderr": 0.004}},
        "versions": {"boolq": 1, "triviaqa": 0},
        "config": {
            "model": "hf-causal-experimental",
            "model_args": f"pretrained={MODEL},use_accelerate=True",
            "num_fewshot": 0,
            "batch_size": "auto",
            "limit": None,
            "description_dict": {},
        },
    }


def lighteval():
    """A file of lighteval."""
    return {
        "config_general": {
            "lighteval_sha": "beef",
            "num_fewshot_seeds": 1,
            "max_samples": None,
            "start_time": 100.0,
            "end_time": 160.0,
            "model_name": MODEL,
            "model_sha": REVISION,
            "model_dtype": "torch.bfloat16",
            "model_size": "14.2 GB",
        },
        "results": {
            "leaderboard|gsm8k|5": {"qem": 0.52, "qem_stderr": 0.0137},
            "lighteval|copa|0|1": {"acc": 0.8, "acc_stderr": 0.04},
            "all": {"acc": 0.8, "acc_stderr": 0.04},
        },
        "versions": {"leaderboard|gsm8k|5": 0, "lighteval|copa|0|1": "0", "all": 0},
    }


def mteb(score: float = 0.79):
    """A file of MTEB since 1.11."""
    return {
        "dataset_revision": "d" * 40,
        "evaluation_time": 3.5,
        "kg_co2_emissions": None,
        "mteb_version": "1.38.0",
        "scores": {
            "test": [
                {
                    "hf_subset": "default",
                    "languages": ["eng-Latn"],
                    "main_score": score,
                    "cosine_spearman": score,
                    "nAUC_map_max": float("nan"),
                }
            ]
        },
        "task_name": "STSBenchmark",
    }


OLDER_MTEB = {
    "dataset_revision": "e" * 40,
    "mteb_dataset_name": "HateClassification",
    "mteb_version": "1.6.0",
    "test": {"accuracy": 0.57, "accuracy_stderr": 0.04, "main_score": 0.57, "evaluation_time": 9.1},
    "validation": {"cos_sim": {"spearman": 0.8, "pearson": 0.7}, "evaluation_time": 1},
}
META = {"name": "intfloat/multilingual-e5-small", "revision": "f" * 40, "n_parameters": 118_000_000}
MAJORITY = {
    "yes": {"precision": 0.6, "recall": 1.0, "f1-score": 0.75, "support": 60.0},
    "no": {"precision": 0.0, "recall": 0.0, "f1-score": 0.0, "support": 40.0},
    "accuracy": 0.6,
    "macro avg": {"precision": 0.3, "recall": 0.5, "f1-score": 0.375, "support": 100.0},
    "weighted avg": {"precision": 0.36, "recall": 0.6, "f1-score": 0.45, "support": 100.0},
}
OWN = {
    "weighbridge_baseline": 1,
    "subject": "tf-idf",
    "made_on": "2026-10-03",
    "tool": "scikit-learn 1.5.2",
    "tasks": [{"task": "tickets", "version": "3", "samples": 200, "scores": [{"metric": "accuracy", "value": 0.815}]}],
}
