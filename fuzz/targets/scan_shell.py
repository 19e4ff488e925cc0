"""Shell scripts, Dockerfiles and Modelfiles that are scanned for models: read as text, never run."""

from checker.scan.shell import read, read_dockerfile, read_modelfile
from fuzz.target import source

LONGEST = 384
WORDS = (
    *(
        "vllm serve ",
        "--model ",
        "--model=",
        "acme/one",
        "huggingface-cli download ",
        "export M=",
        "${M:-acme/two}",
        "$M",
        "\\\n",
    ),
    *(
        "FROM ",
        "ENV ",
        "ARG ",
        "CMD [",
        "RUN ",
        "ENTRYPOINT ",
        "PARAMETER ",
        "<<EOF\n",
        "EOF\n",
        "'",
        '"',
        "`",
        "$(",
        "for m in ",
    ),
    *(
        "; do ",
        "done",
        "python -m ",
        "python - <<'PY'\n",
        "PY\n",
        "ollama run ",
        "llama-server -hf ",
        "&&",
        "|",
        "#",
        "{{",
    ),
)


def seeds():
    yield b"export M=${M:-acme/two}\nvllm serve $M --max-model-len 8192 \\\n  --quantization awq --revision main\n"
    yield b'for m in a/b c/d; do\n  huggingface-cli download "$m" --revision main\ndone\n'
    yield b"python - <<'PY'\nfrom transformers import AutoModel\nAutoModel.from_pretrained('a/b')\nPY\n"
    yield b'FROM vllm/vllm-openai:latest\nARG MODEL=acme/one\nENV M=$MODEL\nCMD ["--model", "acme/one"]\n'
    yield b"FROM llama3.1:8b\nPARAMETER num_ctx 4096\nADAPTER ./a.gguf\n"


def one(data):
    text = source(data, "a.sh")
    lines = text.text.count("\n") + text.text.count("\r") + 1
    for reader in (read, read_dockerfile, read_modelfile):
        for use in reader(text).uses:
            assert use.model
            assert 1 <= use.at.line <= lines, use
