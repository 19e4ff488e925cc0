"""What Python writes in a number's place and JSON does not have is told in one sentence by whoever reads a model."""

from __future__ import annotations

import pytest

CONFIG = """\
{
  "model_type": "llama", "architectures": ["LlamaForCausalLM"], "num_hidden_layers": 2, "num_attention_heads": 4,
  "hidden_size": 64, "intermediate_size": 64, "vocab_size": 100, "max_position_embeddings": 4096,
  "time_step_limit": [0.0, Infinity]
}
"""
MANIFEST = "weighbridge: 1\nowner: a\nmodels:\n  - {model: ./m, objective: chat}\n"
COMMANDS = [("check",), ("fit", "./m", "--serve", "--context-window", "512", "--gpu", "L4"), ("classify", "./m")]


@pytest.fixture
def read(weighbridge, project):
    def run(config, command):
        project({"model.yaml": MANIFEST, "m/config.json": config})
        return weighbridge(*command)

    return run


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one[0])
@pytest.mark.parametrize(
    ("written", "sentence", "place"),
    [
        ('"hidden_size": NaN', "`hidden_size` is NaN", "3:18"),
        ('"hidden_size": -Infinity', "`hidden_size` is -Infinity", "3:18"),
        ('"text_config": {"hidden_size": Infinity}', "`text_config.hidden_size` is Infinity", "3:34"),
        ('"expand": Infinity', "`expand` is Infinity", "3:13"),
    ],
)
def test_every_command_refuses_it_with_the_same_sentence(read, command, written, sentence, place):
    run = read(CONFIG.replace('"hidden_size": 64', written), command)
    assert run.code == 2
    assert f"m/config.json:{place}: error: {sentence}, which is no number of JSON\n" in run.out + run.err


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one[0])
def test_a_list_of_limits_may_end_in_infinity_as_python_writes_it(read, command):
    run = read(CONFIG, command)
    assert "no number of JSON" not in run.out + run.err
    assert run.code != 2
