"""What an expression comes to, as far as reading tells, and why where it does not."""

from __future__ import annotations

import pytest

from checker.document.place import SourceFile
from checker.scan import python


def read(code, **others):
    """The models that `load(…)`-like calls in the code name, and why others name none."""
    modules = {name: python.module_of(text) for name, text in others.items()}
    found = python.read(SourceFile("a.py", code), modules.get)
    return [use.model for use in found.uses], [one.why for one in found.unresolved]


LOADS = "X.from_pretrained({})\n"


@pytest.mark.parametrize(
    ("before", "expression", "models"),
    [
        ("", '"a/b"', ["a/b"]),
        ("", 'str("a/b")', ["a/b"]),
        ("", '"a/b".strip()', ["a/b"]),
        ("", '(n := "a/b")', ["a/b"]),
        ("", 'getattr(s, "name", "a/b")', ["a/b"]),
        ("", 'config("NAME", "a/b")', ["a/b"]),
        ("", 'os.environ.get("N", default="a/b")', ["a/b"]),
        ("", 'cfg.get("name", "a/b")', ["a/b"]),
        ('T = {"x": "a/b", "y": "c/d"}', 'T.get("y")', ["c/d"]),
        ('T = {"x": "a/b", "y": "c/d"}', 'T["y"]', ["c/d"]),
        ('T = {"x": {"n": "a/b"}}', 'T.get(k)["n"]', ["a/b"]),
        ('L = ["a/b", "c/d"]', "L[1]", ["c/d"]),
        ('L = ["a/b", "c/d"]', "L[-2]", ["a/b"]),
        ('L = ["a/b", "c/d"]', "L[n]", ["a/b", "c/d"]),
        ('A, B = "a/b", "c/d"', "B", ["c/d"]),
        ('n = "a/b"\nif x:\n    n = "c/d"', "n", ["a/b", "c/d"]),
        ('n = "a/b"\nn = "c/d"', "n", ["c/d"]),
        ('n: str = "a/b"', "n", ["a/b"]),
        ('if __name__ == "__main__":\n    n = "a/b"', "n", ["a/b"]),
        ('class C:\n    n = "a/b"', "C.n", ["a/b"]),
        ('class C:\n    n = "a/b"\nc = C(n="c/d")', "c.n", ["c/d"]),
        ('class C:\n    n: str = field(default="a/b")\nc = C()', "c.n", ["a/b"]),
        ('def f():\n    return "a/b"', "f()", ["a/b"]),
        ('NAMES = {"x": {"id": "a/b"}}\nfor k, v in NAMES.items():\n    n = v["id"]', "n", ["a/b"]),
        ('NAMES = {"a/b": 1}\nfor k, v in NAMES.items():\n    n = k', "n", ["a/b"]),
        ('for n in ("a/b", "c/d"):\n    pass', "n", ["a/b", "c/d"]),
        ('for n, k in [("a/b", 1), ("c/d", 2)]:\n    pass', "n", ["a/b", "c/d"]),
        ('for r in {"x": "a/b"}.values():\n    n = r', "n", ["a/b"]),
        ('for n in {"a/b": 1}:\n    pass', "n", ["a/b"]),
        ('p.add_argument("name", default="a/b")', "args.name", ["a/b"]),
        ('p.add_argument("-n", "--my-name", dest="other", default="a/b")', "args.other", ["a/b"]),
        ('ORG = "a"', 'f"{ORG}/b"', ["a/b"]),
        ("", '"a" + "/" + "b"', ["a/b"]),
        ("", '*["a/b"]', ["a/b"]),
    ],
)
def test_a_name_is_followed(before, expression, models):
    assert read(f"{before}\n{LOADS.format(expression)}")[0] == models


@pytest.mark.parametrize(
    ("before", "expression", "why"),
    [
        ("", "n", "nothing in the file gives `n` a value"),
        ("", "f(x)", "`f` works it out while the program runs"),
        ("", "a.b", "`a.b` is worked out while the program runs"),
        ("", "a[0]", "`a[0]` is worked out while the program runs"),
        ("", "lambda: 1", "it is worked out while the program runs"),
        ("", "1 - 2", "it is worked out while the program runs"),
        ("", "None", "it is None until somebody sets it"),
        ("", "b'x'", "no text"),
        ("", 'os.environ["N"]', "the environment hands it over as 'N'"),
        ("", 'os.getenv("N")', "the environment hands it over as 'N'"),
        ("", 'cfg.get("n")', "a configuration hands it over as 'n'"),
        ("", 'os.path.join(a, "b")', "it is a path that the program puts together"),
        ("", 'getattr(a, "b")', "it is looked up by name"),
        ("", 'st.selectbox("x")', "whoever uses the form chooses it"),
        ("p.add_argument('--n')", "args.n", "the command line hands it over as --n"),
        ("a, b = f()", "b", "it is one of several results of a call"),
        ("class C:\n    pass", "C.n", "nothing in the file gives `n` of C a value"),
        ("class C:\n    n: str = Field()\nc = C()", "c.n", "the field has no default"),
        ("def f():\n    pass", "f()", "`f` returns nothing"),
        ("from config import N", "N", "`N` comes from config, which is not in the repository"),
        ("from config import s", "s.n", "`s` comes from config, which is not in the repository"),
    ],
)
def test_what_cannot_be_followed_says_why(before, expression, why):
    assert read(f"{before}\n{LOADS.format(expression)}") == ([], [why])


@pytest.mark.parametrize(
    ("imported", "expression", "other"),
    [
        ("from conf import N", "N", 'N = "a/b"'),
        ("from conf import *", "N", 'N = "a/b"'),
        ("import conf", "conf.N", 'N = "a/b"'),
        ("import conf as c", "c.N", 'N = "a/b"'),
        ("from conf import S", "S.n", 'class S:\n    n = "a/b"'),
        ("from conf import s", "s.n", 'class S:\n    n = "a/b"\ns = S()'),
        ("from conf import get", "cfg.n", 'class S:\n    n = "a/b"'),
    ],
)
def test_a_name_of_another_module_is_followed(imported, expression, other):
    assert read(f"{imported}\n{LOADS.format(expression)}", conf=other)[0] == ["a/b"]


def test_a_module_in_a_package_is_followed():
    code = "from app import conf\nX.from_pretrained(conf.N)\n"
    modules = {"app.conf": python.module_of('N = "a/b"')}
    assert [use.model for use in python.read(SourceFile("a.py", code), modules.get).uses] == ["a/b"]


@pytest.mark.parametrize(
    ("code", "models"),
    [
        ("from vllm import *\nLLM(model='a/b')\n", ["a/b"]),
        ("LLM(model='a/b')\n", []),
        ("from efficientnet_pytorch import EfficientNet\nEfficientNet.from_pretrained('efficientnet-b0')\n", []),
        ("import timm\ntimm.create_model('resnet50')\ntimm.create_model('hf_hub:a/b')\n", ["a/b"]),
        ("from mylib import SentenceTransformer\nSentenceTransformer('a/b')\n", ["a/b"]),
        ("from .own import SentenceTransformer\nSentenceTransformer('a/b')\n", []),
        ("from peft import PeftModel\nPeftModel.from_pretrained(model=base, model_id='a/b')\n", ["a/b"]),
        ("from huggingface_hub import InferenceClient\nInferenceClient(model='http://x')\n", []),
        ("snapshot_download(repo_id='a/b', repo_type='space')\n", []),
        ("SentenceTransformer('bert-base-uncased')\n", ["bert-base-uncased"]),
        ("from dspy import LM\nimport dspy\ndspy.LM('ollama_chat/llama3.2')\n", ["meta-llama/Llama-3.2-3B-Instruct"]),
        ("x.from_pretrained(*names)\n", []),
        ("snapshot_download(**given)\n", []),
    ],
)
def test_a_call_counts_by_its_name_and_its_import(code, models):
    assert read(code)[0] == models


@pytest.mark.parametrize(
    ("code", "model"),
    [
        ('from sentence_transformers import SentenceTransformer as S\nS("a/b")', "a/b"),
        ('from vllm import LLM as Engine\nEngine(model="a/b")', "a/b"),
        ('from transformers import pipeline as p\np("text-generation", model="a/b")', "a/b"),
        ('from huggingface_hub import snapshot_download as fetch\nfetch("a/b")', "a/b"),
        ('from transformers import AutoModel as M\nM.from_pretrained("a/b")', "a/b"),
    ],
)
def test_a_call_counts_under_the_name_that_the_import_gives_it(code, model):
    assert read(code) == ([model], [])


def test_a_tokenizer_is_one_under_another_name():
    code = 'from transformers import AutoTokenizer as T\nT.from_pretrained("a/b")'
    assert [use.kind for use in python.read(SourceFile("a.py", code), lambda name: None).uses] == ["tokenizer"]


def test_what_another_library_calls_so_is_no_model():
    assert read('from acme import thing as SentenceTransformer\nSentenceTransformer("a/b")') == ([], [])


FOLLOWED = "the name is handed over in a way that is not followed"


@pytest.mark.parametrize(
    ("code", "models", "whys"),
    [
        ('load = X.from_pretrained\nload("a/b")', ["a/b"], []),
        ('load = partial(X.from_pretrained, device_map="auto")\nload("a/b")', ["a/b"], []),
        ('load = partial(X.from_pretrained, "a/b")', ["a/b"], []),
        ('asyncio.to_thread(SentenceTransformer, "a/b")', ["a/b"], []),
        ('loop.run_in_executor(None, SentenceTransformer, "a/b")', ["a/b"], []),
        ('pool.submit(X.from_pretrained, "a/b")', ["a/b"], []),
        ('names = ["a/b"]\nX.from_pretrained(*names)', ["a/b"], []),
        ("X.from_pretrained(*names)", [], [FOLLOWED]),
        ("X.from_pretrained(**settings)", [], [FOLLOWED]),
        ("def f(cls, *a):\n    return cls.from_pretrained(*a)", [], []),
        ("def f(*a):\n    return super().from_pretrained(*a)", [], []),
        ('import checker\nX.from_pretrained(**checker.pin("n").pretrained)', [], []),
        ('from llama_index.core import Settings\nSettings.embed_model = "local:a/b"', ["a/b"], []),
        ('from llama_index.core import resolve_embed_model\nresolve_embed_model("local:a/b")', ["a/b"], []),
        ('Settings.embed_model = "local:a/b"', [], []),
    ],
)
def test_a_call_in_another_form_is_followed_or_said(code, models, whys):
    assert read(code) == (models, whys)


def test_a_commit_in_model_kwargs_counts():
    source = 'from langchain_huggingface import HuggingFaceEmbeddings as E\nE(model_name="a/b", model_kwargs={"revision": "c"})'
    assert [use.revision for use in python.read(SourceFile("a.py", source), lambda _: None).uses] == ["c"]
