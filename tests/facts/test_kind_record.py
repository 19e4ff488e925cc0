"""Records of signals as resolvers and people write them: lists or texts, remarks in brackets, pairs among the notes."""

from __future__ import annotations

import pytest

from checker.document.errors import InputError
from checker.facts.kind import Signals
from checker.facts.kind.record import signals_of
from checker.facts.model import Parent, Relation

FINETUNE, ADAPTER, MERGE, UNSTATED = Relation.FINETUNE, Relation.ADAPTER, Relation.MERGE, Relation.UNSTATED


def of(**record) -> Signals:
    return signals_of({"id": "a/b", **record})


@pytest.mark.parametrize(
    ("record", "field", "expected"),
    [
        ({"architectures": ["A", "B"]}, "architectures", ("A", "B")),
        ({"notes": "id2label={0: LABEL_0}, num_labels=1, msmarco"}, "label_count", 1),
        ({"notes": "id2label={0: a, 1: b}, num_labels=2, msmarco"}, "labels", ("a", "b")),
        ({"notes": "num_labels=1, msmarco"}, "remarks", ("msmarco",)),
        ({"architectures": "A, B"}, "architectures", ("A", "B")),
        ({"architectures": "A (assumed)"}, "unsure", frozenset({"architectures"})),
        (
            {"architectures": "JinaVLForRanking (vLLM) / JinaRerankerM0"},
            "architectures",
            ("JinaVLForRanking", "JinaRerankerM0"),
        ),
        ({"architectures": None}, "architectures", ()),
        ({"notes": "architectures=A; model_type=x"}, "architectures", ("A",)),
        ({"library_name": "transformers (wrong)"}, "library_name", ""),
        ({"pipeline_tag": "none"}, "pipeline_tag", ""),
        ({"tags": "[]"}, "tags", ()),
        ({"tags": "chat, code"}, "tags", ("chat", "code")),
        ({"tags": ["base_model:finetune:x/y", "base_model:x/y", "none"]}, "parents", (Parent("x/y", FINETUNE),)),
        ({"base_model": "none"}, "parents", ()),
        ({"base_model": "x/y"}, "parents", (Parent("x/y", UNSTATED),)),
        ({"base_model": "finetune:x/y"}, "parents", (Parent("x/y", FINETUNE),)),
        ({"base_model": ["x/y", "x/z"]}, "parents", (Parent("x/y", MERGE), Parent("x/z", MERGE))),
        ({"base_model": {"relation": "adapter", "models": ["x/y"]}}, "parents", (Parent("x/y", ADAPTER),)),
        ({"base_model": "x/y", "relation": "fine-tune"}, "parents", (Parent("x/y", FINETUNE),)),
        ({"base_model": "x/y", "relation": ["adapter"]}, "parents", (Parent("x/y", ADAPTER),)),
        ({"notes": "base_model:finetune=x/y"}, "parents", (Parent("x/y", FINETUNE),)),
        ({"notes": "lineage=x/y"}, "parents", (Parent("x/y", UNSTATED),)),
        ({"chat_template": True}, "chat_template", True),
        ({"chat_template": False}, "chat_template", False),
        ({"chat_template": "yes"}, "chat_template", True),
        ({"chat_template": "no (assumed)"}, "chat_template", False),
        ({"chat_template": "yes (assumed, as others do)"}, "unsure", frozenset({"chat_template"})),
        ({"chat_template": "absent"}, "chat_template", False),
        ({"chat_template": "{% for message in messages %}"}, "template_text", "{% for message in messages %}"),
        ({"chat_template": [{"name": "default", "template": "x"}]}, "chat_template", True),
        ({"files": ["modules.json=Transformer,Pooling", "1_Pooling"]}, "modules", ("Transformer", "Pooling")),
        ({"files": "modules.json + 1_Pooling"}, "files", ("modules.json", "1_Pooling")),
        ({"files": "*.gguf only"}, "files", ("*.gguf",)),
        ({"files": "none"}, "files", ()),
        ({"notes": "modules.json"}, "files", ("modules.json",)),
        ({"notes": "no modules.json here"}, "files", ()),
        ({"notes": "1_Pooling (assumed)"}, "unsure", frozenset({"files"})),
        ({"files": ["adapter_config.json: task_type=SEQ_CLS"]}, "adapter_task", "SEQ_CLS"),
        (
            {"notes": "adapter_config.json: task_type=CAUSAL_LM,base_model_name_or_path=x/y"},
            "parents",
            (Parent("x/y", ADAPTER),),
        ),
        ({"notes": "task_type=CAUSAL_LM"}, "adapter_task", "CAUSAL_LM"),
        ({"notes": "id2label={NEGATIVE,POSITIVE}"}, "labels", ("NEGATIVE", "POSITIVE")),
        ({"notes": "id2label={0: A, 1: B}"}, "labels", ("A", "B")),
        ({"notes": ['id2label={"0": "A", "1": "B"}']}, "labels", ("A", "B")),
        ({"notes": "id2label=3"}, "label_count", 3),
        ({"notes": "id2label=28 labels"}, "label_count", 28),
        ({"notes": "id2label=absent"}, "label_count", None),
        ({"notes": "id2label={A,B,...}"}, "label_count", None),
        ({"notes": "_num_labels=3"}, "label_count", 3),
        ({"notes": "num_labels=1 (as its sibling)"}, "remarks", ("as its sibling",)),
        ({"architectures": "X (1 label, assumed)"}, "label_count", 1),
        ({"notes": "is_encoder_decoder=true"}, "settings", ("encoder-decoder",)),
        ({"notes": "is_decoder=true; is_encoder_decoder=false"}, "settings", ("is-decoder",)),
        ({"notes": "quant_method=gptq"}, "settings", ("quantized",)),
        ({"notes": "vision_config=present"}, "settings", ("vision",)),
        ({"notes": "problem_type=multi_label_classification (assumed)"}, "problem_type", "multi_label_classification"),
        ({"notes": "auto_map lists AutoModelForSequenceClassification"}, "remarks", ()),
        ({"notes": "pipeline=text-ranking"}, "pipeline_tag", "text-ranking"),
        ({"notes": ["full weights", "license=mit"]}, "remarks", ("full weights", "license=mit")),
        ({"card": ["one", "two"]}, "card", "one two"),
        ({"notes": [True, 3]}, "remarks", ("yes", "3")),
        ({"license": "mit", "downloads": 3}, "remarks", ()),
    ],
)
def test_a_key_or_a_note_is_read(record, field, expected):
    assert getattr(of(**record), field) == expected


@pytest.mark.parametrize(
    ("record", "sentence", "hint"),
    [
        ({}, "the record has no `id`", ""),
        ({"id": 3}, "the record has no `id`", ""),
        ({"id": "  "}, "the record has no `id`", ""),
        ({"id": "a/b", "architecture": []}, "unknown key `architecture`", "did you mean `architectures`?"),
        ({"id": "a/b", "pipeline_tags": []}, "unknown key `pipeline_tags`", "did you mean `pipeline_tag`?"),
        ({"id": "a/b", "tags": {"a": 1}}, "`tags` is no text", ""),
        ({"id": "a/b", "card": [["x"]]}, "`card` is no text", ""),
    ],
)
def test_what_cannot_be_read_is_said(record, sentence, hint):
    with pytest.raises(InputError) as raised:
        signals_of(record)
    problem = raised.value.problems[0]
    assert (problem.sentence, problem.hint) == (sentence, hint)
