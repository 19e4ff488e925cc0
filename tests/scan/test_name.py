"""What a text in the place of a model's name stands for."""

from __future__ import annotations

import pytest

from checker.scan.name import Name, Stands, of_ollama, quantization_of, understood

HUB, LOCAL, PLACEHOLDER, ELSEWHERE = Stands.HUB, Stands.LOCAL, Stands.PLACEHOLDER, Stands.ELSEWHERE


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("BAAI/bge-m3", Name(HUB, "BAAI/bge-m3")),
        ("gpt2", Name(HUB, "gpt2")),
        (" BAAI/bge-m3 ", Name(HUB, "BAAI/bge-m3")),
        ("BAAI/bge-m3@main", Name(HUB, "BAAI/bge-m3", "main")),
        ("hf://BAAI/bge-m3", Name(HUB, "BAAI/bge-m3")),
        ("huggingface/BAAI/bge-m3", Name(HUB, "BAAI/bge-m3")),
        ("https://huggingface.co/BAAI/bge-m3", Name(HUB, "BAAI/bge-m3")),
        ("https://huggingface.co/BAAI/bge-m3.git", Name(HUB, "BAAI/bge-m3")),
        ("https://huggingface.co/BAAI/bge-m3/tree/abc", Name(HUB, "BAAI/bge-m3", "abc")),
        ("https://huggingface.co/a/b/resolve/main/b.Q4_0.gguf?download=true", Name(HUB, "a/b", "main", "Q4_0")),
        ("hf.co/a/b:Q5_K_M", Name(HUB, "a/b", None, "Q5_K_M")),
        ("./out", Name(LOCAL, "./out")),
        ("out/", Name(LOCAL, "./out")),
        ("/data/x", Name(LOCAL, "/data/x")),
        ("~/x", Name(LOCAL, "~/x")),
        ("C:\\models\\x", Name(LOCAL, "./C:/models/x")),
        ("a/b/c", Name(LOCAL, "./a/b/c")),
        ("checkpoints/best", Name(LOCAL, "./checkpoints/best")),
        ("x.Q4_K_M.gguf", Name(LOCAL, "./x.Q4_K_M.gguf", None, "Q4_K_M")),
        ("s3://bucket/model", Name(ELSEWHERE, "s3://bucket/model")),
        ("a b", Name(ELSEWHERE, "a b")),
        ("a..b", Name(ELSEWHERE, "a..b")),
        ("", Name(PLACEHOLDER, "")),
        ("your-org/your-model", Name(PLACEHOLDER, "your-org/your-model")),
        ("username/model", Name(PLACEHOLDER, "username/model")),
        ("<MODEL>", Name(PLACEHOLDER, "<MODEL>")),
        ("path/to/model", Name(PLACEHOLDER, "path/to/model")),
        ("a/b\nc", Name(PLACEHOLDER, "a/b\nc")),
        ("x" * 400, Name(PLACEHOLDER, "x" * 60)),
    ],
)
def test_a_text_is_told_by_its_form(text, name):
    assert understood(text) == name


@pytest.mark.parametrize("text", ["./x.gguf", "/models/x", "x.GGUF"])
def test_a_path_is_one_for_ollama_too(text):
    assert of_ollama(text).stands is LOCAL


@pytest.mark.parametrize(
    ("text", "model", "quantization"),
    [
        ("llama3.1", "meta-llama/Llama-3.1-8B-Instruct", ""),
        ("llama3.1:latest", "meta-llama/Llama-3.1-8B-Instruct", ""),
        ("LLAMA3.1:70b-instruct-q8_0", "meta-llama/Llama-3.1-70B-Instruct", "Q8_0"),
        ("hf.co/a/b:Q4_K_M", "a/b", "Q4_K_M"),
    ],
)
def test_a_name_of_ollama_stands_for_a_repository_and_says_so(text, model, quantization):
    name = of_ollama(text)
    assert (name.stands, name.model, name.quantization) == (HUB, model, quantization)
    assert bool(name.note) is not text.startswith("hf.co")


@pytest.mark.parametrize(("text", "stands"), [("llama3.1:9000b", ELSEWHERE), ("acme/x", ELSEWHERE), ("", PLACEHOLDER)])
def test_another_name_of_ollama_stands_for_nothing_on_the_hub(text, stands):
    assert of_ollama(text).stands is stands


@pytest.mark.parametrize(
    ("file", "quantization"),
    [
        ("a-IQ2_XXS.gguf", "IQ2_XXS"),
        ("a.mxfp4.gguf", "mxfp4"),
        ("a-f16.gguf", "F16"),
        ("a.gguf", ""),
        ("a-Q4_0.bin", ""),
    ],
)
def test_the_type_of_a_gguf_file_is_in_its_name(file, quantization):
    assert quantization_of(file) == quantization
