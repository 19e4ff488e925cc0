"""What a resolver found becomes an entry: the same parser for the Hub, a folder and the cache, each fact with its source."""

import hashlib
from typing import Any

import pytest

from checker.document.place import SourceFile
from checker.facts.card import card_of
from checker.facts.config import BUILD_KEYS
from checker.facts.fact import Certainty
from checker.facts.folder import Found
from checker.facts.gguf import Header
from checker.facts.locked.entry import (
    RECORD,
    Gate,
    GgufFile,
    LockedFacts,
    LockedFile,
    LockEntry,
    Quantization,
    RopeScaling,
    ScanIssue,
    SecurityScan,
    Stated,
)
from checker.facts.locked.file import as_text, parse
from checker.facts.locked.lock import lock_of
from checker.facts.locked.resolve import Record, Resolved, enter, is_license_file
from checker.facts.model import ArchitectureClass, Dimensions, LicenseFile, Parent, Relation

DECLARED, VERIFIED, INFERRED = Certainty.DECLARED, Certainty.VERIFIED, Certainty.INFERRED
QWEN = {
    "architectures": ["Qwen2ForCausalLM"],
    "hidden_size": 896,
    "intermediate_size": 4864,
    "max_position_embeddings": 32768,
    "model_type": "qwen2",
    "num_attention_heads": 14,
    "num_hidden_layers": 24,
    "num_key_value_heads": 2,
    "tie_word_embeddings": True,
    "torch_dtype": "bfloat16",
    "vocab_size": 151936,
}
TOTAL = 494_032_768
MODEL = "Qwen/Qwen2.5-0.5B-Instruct"


def resolved(config: dict[str, Any] | None = None, card: dict[str, Any] | None = None, **changes: Any) -> Resolved:
    found = Found(MODEL, frozenset(("config.json", "model.safetensors")), config=config, card=card_of(card or {}))
    made = Resolved(MODEL, None, "a" * 40, "2026-11-28T17:05:00Z", "https://huggingface.co", found)
    return made._replace(**changes)


def entry(*arguments: Any, **changes: Any) -> LockEntry:
    return enter(resolved(*arguments, **changes)).entry


def facts(*arguments: Any, **changes: Any) -> LockedFacts:
    return entry(*arguments, **changes).facts


def test_configuration_and_card_become_facts_with_their_file():
    found = facts(QWEN, {"license": "apache-2.0", "base_model": "Qwen/Qwen2.5-0.5B"})
    assert found.license == Stated("apache-2.0", DECLARED, "README.md")
    assert found.parents == Stated((Parent("Qwen/Qwen2.5-0.5B", Relation.UNSTATED),), DECLARED, "README.md")
    assert found.model_type == Stated("qwen2", VERIFIED, "config.json")
    assert found.architecture_class == Stated(ArchitectureClass.DECODER, INFERRED, "a causal language model")
    assert found.native_context == Stated(32768, DECLARED, "config.json")
    assert found.dimensions is not None
    assert found.dimensions.value.num_key_value_heads == 2
    assert found.weight_formats == Stated(("safetensors",), VERIFIED, "names of files")
    assert found.remote_code == Stated(False, VERIFIED, "config.json without `auto_map`")
    assert (found.gate, found.license_tag) == (None, None)


def test_a_nested_text_model_is_what_the_dimensions_are_of():
    nested = {"model_type": "llava", "text_config": {**QWEN, "q_lora_rank": 1536, "layer_types": ["full_attention"]}}
    found = facts(nested)
    assert found.dimensions is not None
    assert found.dimensions.value.hidden_size == 896
    kept = {"model_type": "qwen2", "layer_types": ("full_attention",), "q_lora_rank": 1536}
    assert found.build == Stated(kept, VERIFIED, "config.json")


def test_what_a_build_key_holds_is_kept_only_where_it_is_a_plain_value():
    odd = {"layer_types": [1], "expand": float("nan"), "n_groups": -1, "state_size": 1 << 60, "hidden_act": {"a": 1}}
    assert facts({**QWEN, **odd}).build == Stated({}, VERIFIED, "config.json")


def test_what_a_configuration_leaves_to_no_default_is_kept():
    nulls = {"sliding_window": None, "q_lora_rank": None, "bos_token_id": None}
    assert facts({**QWEN, **nulls}).build == Stated(
        {"null": ("q_lora_rank", "sliding_window")}, VERIFIED, "config.json"
    )


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"quant_method": "awq", "bits": 4, "group_size": 128}, Quantization("awq", 4, 128)),
        ({"quant_method": "fp8"}, Quantization("fp8")),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, Quantization("bitsandbytes", 4)),
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, Quantization("bitsandbytes", 8)),
        ({"bits": True, "group_size": -1}, Quantization("unnamed")),
    ],
)
def test_the_quantisation_of_the_weights(stated, expected):
    assert facts({**QWEN, "quantization_config": stated}).quantization == Stated(expected, VERIFIED, "config.json")


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            {"rope_type": "llama3", "factor": 8.0, "original_max_position_embeddings": 8192},
            RopeScaling("llama3", 8.0, 8192),
        ),
        ({"type": "linear", "factor": "4"}, RopeScaling("linear")),
    ],
)
def test_stretched_positions(stated, expected):
    assert facts({**QWEN, "rope_scaling": stated}).rope_scaling == Stated(expected, VERIFIED, "config.json")


@pytest.mark.parametrize("stated", [None, {}, [], {"rope_type": "default"}, {"factor": 2}])
def test_positions_that_are_not_stretched(stated):
    assert facts({**QWEN, "rope_scaling": stated}).rope_scaling is None


def test_classes_of_remote_code_are_listed():
    config = {**QWEN, "auto_map": {"AutoModel": "m.B", "AutoConfig": "m.A", "AutoTokenizer": ["m.A", None]}}
    found = facts(config)
    assert found.auto_map == Stated(("m.A", "m.B"), VERIFIED, "config.json")
    assert found.remote_code == Stated(True, VERIFIED, "`auto_map` in config.json")
    assert facts({**QWEN, "auto_map": ["m.A"]}).auto_map is None


def test_what_the_server_says_itself_is_verified_and_what_it_copied_is_declared():
    record = Record(
        tags=("license:mit", "base_model:quantized:Qwen/Qwen2.5-0.5B"),
        pipeline_tag="text-generation",
        library_name="transformers",
        gate=Gate.MANUAL,
        private=False,
        disabled=False,
        security=SecurityScan(True, (ScanIssue("x.bin", "unsafe"),)),
        chat_template=True,
    )
    found = facts(QWEN, {"base_model": "Qwen/Qwen2.5-0.5B"}, record=record)
    assert found.license_tag == Stated("mit", DECLARED, RECORD)
    assert found.parents == Stated((Parent("Qwen/Qwen2.5-0.5B", Relation.QUANTIZED),), DECLARED, "README.md")
    assert found.pipeline_tag == Stated("text-generation", DECLARED, RECORD)
    assert found.gate == Stated(Gate.MANUAL, VERIFIED, RECORD)
    assert (found.private, found.disabled) == (Stated(False, VERIFIED, RECORD), Stated(False, VERIFIED, RECORD))
    assert found.security == Stated(record.security, VERIFIED, RECORD)
    assert found.chat_template == Stated(True, VERIFIED, RECORD)


def test_the_tag_for_tasks_helps_to_judge_what_kind_of_model_it_is():
    embedder = facts(QWEN, record=Record(pipeline_tag="sentence-similarity"))
    assert embedder.architecture_class is not None
    assert embedder.architecture_class.value is ArchitectureClass.BI_ENCODER


def test_the_headers_give_the_exact_total():
    found = facts(QWEN, elements={"BF16": TOTAL, "I64": 512})
    assert found.parameters == Stated(TOTAL, VERIFIED, "safetensors headers")
    assert found.parameters_by_dtype == Stated({"BF16": TOTAL, "I64": 512}, VERIFIED, "safetensors headers")


def test_headers_that_the_resolver_read_outrank_the_servers_sum():
    found = facts(QWEN, elements={"BF16": TOTAL}, record=Record(parameters_by_dtype={"BF16": 7}))
    assert found.parameters_by_dtype == Stated({"BF16": TOTAL}, VERIFIED, "safetensors headers")
    assert facts(QWEN, record=Record(parameters_by_dtype={"BF16": 7})).parameters == Stated(7, VERIFIED, RECORD)


def test_a_tied_head_that_is_stored_twice_is_counted_once():
    found = facts(QWEN, elements={"BF16": TOTAL + 151936 * 896})
    assert found.parameters == Stated(TOTAL, VERIFIED, "safetensors headers, less the tied head that is stored twice")


@pytest.mark.parametrize(
    ("config", "total", "beside", "why"),
    [
        ("gpt2", 124_439_808, 12 * 1024 * 1024, "the causal masks that are stored"),
        ("gpt2", 124_439_808, 12 * (1024 * 1024 + 1), "the causal masks that are stored"),
        ("qwen2", TOTAL, 24 * 32, "the rotary frequencies that are stored"),
    ],
)
def test_what_a_file_holds_beside_the_parameters_is_left_out(config, total, beside, why):
    gpt2 = {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": 12, "n_embd": 768, "n_head": 12}
    configs = {"gpt2": {**gpt2, "n_positions": 1024, "vocab_size": 50257}, "qwen2": QWEN}
    found = facts(configs[config], elements={"F32": total + beside})
    assert found.parameters == Stated(total, VERIFIED, f"safetensors headers, less {why}")
    assert facts(configs[config], elements={"F32": total + beside + 7}).parameters == Stated(
        total + beside + 7, VERIFIED, "safetensors headers"
    )


@pytest.mark.parametrize(
    ("config", "elements"),
    [
        (QWEN, {"I32": 5, "F16": 7}),
        ({**QWEN, "quantization_config": {"quant_method": "fp8"}}, {"F8_E4M3": 5}),
    ],
)
def test_elements_of_packed_weights_are_no_parameters(config, elements):
    found = facts(config, elements=elements)
    assert found.parameters == Stated(TOTAL, INFERRED, "config.json, counted from the dimensions")
    assert found.parameters_by_dtype is not None


def test_an_adapters_elements_are_not_those_of_the_model():
    one = resolved(QWEN, elements={"F32": 5})
    adapter = one.found._replace(adapter={"base_model_name_or_path": "Qwen/Qwen2.5-0.5B"})
    found = enter(one._replace(found=adapter)).entry.facts
    assert found.parameters == Stated(TOTAL, INFERRED, "config.json, counted from the dimensions")


HEADER = Header(
    {
        "general.architecture": "qwen2",
        "general.file_type": 15,
        "qwen2.block_count": 24,
        "qwen2.embedding_length": 896,
        "qwen2.context_length": 32768,
        "tokenizer.chat_template": "{{ messages }}",
    },
    {"tokenizer.ggml.tokens": 151936},
    TOTAL,
)


def test_a_gguf_file_stands_in_for_a_configuration():
    found = facts(gguf={"q4.gguf": HEADER})
    assert found.gguf == Stated((GgufFile("q4.gguf", "qwen2", "Q4_K_M", TOTAL, 32768),), VERIFIED, "q4.gguf")
    assert found.model_type == Stated("qwen2", VERIFIED, "q4.gguf")
    assert found.architecture_class == Stated(ArchitectureClass.DECODER, INFERRED, "a GGUF architecture")
    assert found.parameters == Stated(TOTAL, VERIFIED, "q4.gguf")
    assert found.native_context == Stated(32768, DECLARED, "q4.gguf")
    assert found.chat_template == Stated(True, VERIFIED, "GGUF header")
    sizes = Dimensions(num_hidden_layers=24, hidden_size=896, vocab_size=151936, max_position_embeddings=32768)
    assert found.dimensions == Stated(sizes, VERIFIED, "q4.gguf")


def test_a_gguf_file_beside_a_configuration_only_adds_itself():
    found = facts(QWEN, gguf={"q4.gguf": HEADER._replace(parameters=5)})
    assert found.gguf is not None
    assert found.parameters == Stated(TOTAL, INFERRED, "config.json, counted from the dimensions")


def test_what_the_server_read_of_a_gguf_file_is_taken_too():
    found = facts(record=Record(gguf=GgufFile("", "bert", None, 7, 512)))
    assert found.gguf == Stated((GgufFile("", "bert", None, 7, 512),), VERIFIED, RECORD)
    assert (found.parameters, found.architecture_class) == (Stated(7, VERIFIED, RECORD), None)


@pytest.mark.parametrize(
    ("names", "tokenizer", "listed", "expected"),
    [
        (("chat_template.jinja",), None, False, Stated(True, VERIFIED, "chat_template.jinja")),
        ((), {"chat_template": "{{ x }}"}, False, Stated(True, VERIFIED, "tokenizer_config.json")),
        ((), {}, True, Stated(False, VERIFIED, "tokenizer_config.json")),
        ((), {}, False, None),
        ((), None, True, None),
    ],
)
def test_whether_there_is_a_chat_template(names, tokenizer, listed, expected):
    one = resolved(listed=listed)
    found = one.found._replace(names=frozenset(names), tokenizer=tokenizer)
    assert enter(one._replace(found=found)).entry.facts.chat_template == expected


def test_licence_files_are_kept_with_digest_text_and_what_they_are():
    made = enter(
        resolved(licenses={"LICENSE": b"MIT\r\nline\n"}), identify=lambda text: "MIT" if "MIT" in text else None
    )
    digest = hashlib.sha256(b"MIT\r\nline\n").hexdigest()
    assert made.entry.facts.license_files == Stated((LicenseFile("LICENSE", digest, "MIT"),), VERIFIED, "LICENSE")
    assert made.texts == {digest: ("MIT\r", "line", "")}
    assert "\n".join(made.texts[digest]).encode() == b"MIT\r\nline\n"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * (256 * 1024 + 1)])
def test_of_a_text_that_is_none_or_too_long_the_digest_is_kept_alone(content):
    made = enter(resolved(licenses={"LICENSE": content}), identify=str)
    assert made.texts == {}
    assert made.entry.facts.license_files is not None
    assert made.entry.facts.license_files.value[0].license is None


@pytest.mark.parametrize(
    ("names", "listed", "expected"),
    [
        (("config.json",), True, Stated((), VERIFIED, "names of files")),
        (("config.json",), False, None),
        (("LICENSE.txt",), True, None),
        ((), True, None),
    ],
)
def test_an_absent_licence_file_is_known_to_be_absent_where_all_files_were_listed(names, listed, expected):
    files = tuple(LockedFile(name, 1) for name in names)
    assert facts(files=files, listed=listed).license_files == expected


@pytest.mark.parametrize(
    ("path", "expected"), [("LICENSE", True), ("licence.md", True), ("docs/LICENSE", False), ("README.md", False)]
)
def test_a_file_with_terms_is_known_by_its_name(path, expected):
    assert is_license_file(path) is expected


def test_a_model_that_has_another_name_today_keeps_the_one_it_was_asked_by():
    one = resolved()
    renamed = enter(one._replace(found=one.found._replace(name="Qwen/New"))).entry
    assert (renamed.model, renamed.now_called, renamed.id) == (MODEL, "Qwen/New", "Qwen/New")


def test_every_key_that_an_estimate_of_memory_reads_is_kept():
    from checker.memory import config

    tables = (config._WORDS, config._SWITCHES, config._SHARES, config._COUNTS)
    read = {key for table in tables for keys in table.values() for key in keys}
    assert read - set(BUILD_KEYS) == set()


ODD = (None, True, -1, 10**30, 2.5, "x", "", ["x"], [1, None], {"a": 1}, {"a": ["b"]}, "\ud800", float("inf"))
KEYS = (
    *("model_type", "architectures", "torch_dtype", "text_config", "rope_scaling", "quantization_config", "auto_map"),
    *("hidden_size", "num_hidden_layers", "max_position_embeddings", "tie_word_embeddings", "use_sliding_window"),
    *("problem_type", "num_labels", "id2label", "layer_types", "num_experts", "kv_lora_rank", "is_decoder"),
)


@pytest.mark.parametrize("key", KEYS)
def test_whatever_stands_in_a_configuration_makes_a_lock_that_can_be_read_back(key):
    for value in ODD:
        made = entry({**QWEN, key: value})
        text = as_text(lock_of([made]))
        assert parse(SourceFile("model.lock", text)).entries == (made,), value


def test_sizes_that_nobody_has_built_make_no_total():
    wide = 1 << 50
    assert facts({**QWEN, "hidden_size": wide, "vocab_size": wide}).parameters is None
    huge = Record(parameters_by_dtype={"BF16": (1 << 63) - 1, "F32": (1 << 63) - 1})
    assert facts(QWEN, record=huge).parameters == Stated(TOTAL, INFERRED, "config.json, counted from the dimensions"), (
        "the dimensions stand in"
    )


def test_a_limit_that_is_no_number_does_not_cut_the_context():
    one = resolved(QWEN)
    made = enter(one._replace(found=one.found._replace(pooling_limit={"max_seq_length": True}))).entry
    assert made.facts.native_context == Stated(32768, DECLARED, "config.json")
