"""What is known of a metric by its name: its scale, which direction is better, whether answers are right or wrong.

Names are those of lm-evaluation-harness (lm_eval/api/metrics.py), MTEB (mteb/evaluation) and lighteval
(lighteval/metrics). A metric that is not listed here is held to nothing.
"""

from __future__ import annotations

RIGHT_OR_WRONG = frozenset(
    ("acc", "accuracy", "acc_norm", "acc_bytes", "exact_match", "em", "quasi_exact_match", "mc1")
)
"""Each question is answered rightly or wrongly, or in part: the score is a mean of numbers from 0 to 1."""
PROPORTIONS = RIGHT_OR_WRONG | frozenset(
    ("mc2", "f1_macro", "f1_weighted", "precision", "recall", "f1-score", "map", "mrr", "ap", "v_measure", "macro_f1")
)
"""From 0 to 1 by definition."""
CORRELATIONS = frozenset(("mcc", "matthews_correlation", "cosine_spearman", "cosine_pearson", "spearman", "pearson",
                          "cos_sim", "manhattan_spearman", "euclidean_spearman", "main_score"))  # fmt: skip
"""From -1 to 1; the main score of MTEB is a correlation for similarity and a proportion elsewhere."""
_PROPORTION_BEGINS = ("ndcg_at_", "map_at_", "mrr_at_", "recall_at_", "precision_at_", "pass@", "cosine_accuracy")
LOWER_IS_BETTER = frozenset(
    ("perplexity", "word_perplexity", "byte_perplexity", "bits_per_byte", "ppl", "ter", "wer", "brier_score", "loss")
)


def bounds(metric: str) -> tuple[float, float] | None:
    """The least and the greatest value that a metric can have; None where its name does not say."""
    if metric in PROPORTIONS or metric.startswith(_PROPORTION_BEGINS):
        return (0.0, 1.0)
    if metric in CORRELATIONS:
        return (-1.0, 1.0)
    if metric in LOWER_IS_BETTER:
        return (0.0, float("inf"))
    return None


def higher_is_better(metric: str, stated: bool | None) -> bool | None:
    """What the file says, else what the metric's name says; None where neither does."""
    if stated is not None:
        return stated
    if metric in LOWER_IS_BETTER:
        return False
    known = bounds(metric) is not None or metric in ("f1", "bleu", "chrf", "rouge1", "rouge2", "rougeL")
    return True if known else None
