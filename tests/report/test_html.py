"""The auditor's page: everything that was judged is in it, untrusted text stays text, and nothing leaves it."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import subprocess
from base64 import b64encode
from html import unescape
from html.parser import HTMLParser

import pytest

from checker.report.pictures import lineage, memory
from checker.report.pictures.lineage import Descent, Member
from checker.rulebook.outcome import Stack

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title><script>alert(2)</script>",
    '"><svg onload=alert(3)>',
    "' autofocus onfocus='alert(4)",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(5)",
    "<!--",
    "]]><style>*{display:none}</style>",
    "&lt;script&gt;alert(6)&lt;/script&gt;",
]
MANIFEST = """\
weighbridge: 1
project: support-bot
owner: support-platform
status: live
use: {purpose: commercial, distribution: service, regions: US, monthly_active_users: 1000, intended: answers questions}
models:
  - name: assistant
    model: meta-llama/Llama-3.1-8B-Instruct
    revision: 0e9e39f249a16976918f6564b8830bc894c89659
    objective: chat
    deployment: {context_window: 16384, parallel_requests: 4, hardware: {gpu: L4}}
    fine_tuning:
      method: lora
      sequence_length: 4096
      hardware: {gpu: A100 80GB}
      data: [{name: tickets, source: internal, license: proprietary, personal_data: true, generated_by: none}]
    obligations: [{duty: built-with-llama, where: https://acme.example/about, checked_on: 2026-10-03, by: legal}]
  - name: searcher
    model: nvidia/NV-Embed-v2
    objective: similarity
"""


class Page(HTMLParser):
    """What a browser would take the page for, as far as the tests ask."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.headings: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data):
        if not self._open or self._open[-1] not in ("script", "style"):
            self.words.append(data)
        if self._open and self._open[-1] in ("h1", "h2", "h3"):
            self.headings.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture
def page(project, weighbridge):
    def render(manifest: str = MANIFEST, *arguments: str) -> str:
        folder = project({"model.yaml": manifest})
        run = weighbridge("check", "--output", "html=report.html", "--today", "2026-11-02", *arguments)
        assert run.code in (0, 1, 2, 3), run.err
        assert run.out == ""
        return (folder / "report.html").read_text(encoding="utf-8")

    return render


def test_every_section_is_there(page):
    headings = Page(page()).headings
    for heading in (
        "Verdict", "Summary and scope", "What was not judged", "Findings", "Waivers", "Models", "Licence lineage",
        "Memory", "Obligations", "Data sets", "Every evaluation", "How to repeat it", "Limits",
    ):  # fmt: skip
        assert heading in headings
    assert headings.index("What was not judged") < headings.index("Every evaluation")


def test_what_an_auditor_asks_is_answered(page, weighbridge):
    text = Page(page()).text
    assert "exit code 1: " in text
    assert "0e9e39f249a16976918f6564b8830bc894c89659" in text
    assert "support-platform" in text
    assert "answers questions" in text
    assert "weighbridge-enterprise 2026.11" in text
    assert re.search(r"Policy SHA-256 [0-9a-f]{64}", text)
    assert re.search(r"Catalogue SHA-256 [0-9a-f]{64}", text)
    assert "--today 2026-11-02" in text  # what loosens the run
    assert "(declared; catalogue: " in text
    assert (
        "meta-llama/Llama-3.1-8B-Instruct (llama3.1) descends from meta-llama/Llama-3.1-8B (llama3.1): finetune" in text
    )
    assert "tickets internal proprietary yes none" in text
    assert "Nothing here tests a model's outputs, bias, safety, privacy or accuracy in use." in text


def command_of(html: str) -> list[str]:
    return shlex.split(unescape(re.search(r"<pre>(weighbridge check .*?)</pre>", html)[1]))[1:]


def test_the_command_that_is_given_judges_the_same_again(page, weighbridge):
    command = command_of(page())
    assert "--require-policy" in command
    run = weighbridge(*command)
    assert run.code == 1
    assert "exit code 1: " in run.out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--exit-zero"], 0),
        (["--fail-on", "advisory"], 1),
        (["--ignore-waivers", "--policy", "policy.yaml"], 3),
        (["--forecast", "30d"], 1),
        (["a", "odd name/model.yaml", "--discovered"], 1),
    ],
)
def test_every_option_that_decides_is_repeated(project, weighbridge, options, code):
    one = "weighbridge: 1\nproject: one\nmodels:\n  - {model: Qwen/Qwen2.5-7B-Instruct, objective: chat}\n"
    policy = (
        "policy: own\nversion: 1\nrules:\n  license-known: {enforcement: hard-mandatory, min_certainty: verified}\n"
    )
    files = {"model.yaml": MANIFEST, "a/model.yaml": one, "odd name/model.yaml": one, "policy.yaml": policy}
    folder = project(files)

    def judged(name: str, *arguments: str) -> str:
        run = weighbridge("check", *arguments, "--output", f"html={name}", "--output", "json=out.json")
        assert run.code == code, run.err
        json.loads((folder / "out.json").read_text())
        return (folder / name).read_text(encoding="utf-8")

    first = judged("first.html", *options, "--today", "2026-11-02")
    again = judged("again.html", *command_of(first)[1:])
    assert again == first


def test_a_forecast_is_on_the_page(page):
    assert "within 30 days, if nobody changes anything:" in Page(page(MANIFEST, "--forecast", "30d")).text


def test_what_a_change_leaves_aside_is_on_the_page(page, project):
    folder = project({"model.yaml": MANIFEST, "b/model.yaml": MANIFEST})
    git = ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@acme.example"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Two manifests"]):
        subprocess.run([*git, *command], check=True)
    html = page(MANIFEST.replace("status: live", "status: planned"), "--since", "main")
    base = subprocess.run([*git, "rev-parse", "main"], check=True, capture_output=True, text=True).stdout.strip()
    text = Page(html).text
    assert f"since main (merge base {base[:12]}): 1 manifest judged 1 that the change cannot alter: not judged" in text
    assert "license-allowed: searcher (was there before)" in text
    assert "What was judged differs from that commit" in text
    command = command_of(html)
    assert command[command.index("--since") + 1] == base


def test_what_came_from_standard_input_is_named_by_its_digest(project, weighbridge):
    folder = project({})
    weighbridge("check", "-", "--output", "html=report.html", "--today", "2026-11-02", stdin=MANIFEST)
    html = (folder / "report.html").read_text(encoding="utf-8")
    command = command_of(html)
    assert command[-3:] == ["-", "<", "model.yaml"]
    assert hashlib.sha256(MANIFEST.encode()).hexdigest() in html
    assert weighbridge(*command[:-2], stdin=MANIFEST).code == 1


def test_a_duty_stands_with_what_shows_it_and_how_old_that_is(page):
    text = Page(page()).text
    assert 'section 1.b.i, asks to display "Built with Llama" shown in https://acme.example/about' in text
    assert "2026-10-03 by legal 30 days" in text
    assert "it is kept by what is left undone, which nothing shows" in text
    bare = Page(page(re.sub(r"obligations: .*", "license: llama3.1", MANIFEST))).text
    assert 'asks to display "Built with Llama" not shown : no line under `obligations` says where it is shown' in bare


def test_the_commit_and_whether_it_was_changed_are_said(page, project):
    folder = project({"model.yaml": MANIFEST})
    assert "not known: no repository" in Page(page()).text
    git = ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@acme.example"]
    for command in (["init", "-q"], ["add", "model.yaml"], ["commit", "-q", "-m", "A manifest"]):
        subprocess.run([*git, *command], check=True)
    revision = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    assert f"Commit {revision}, without changes" in Page(page()).text
    changed = Page(page(MANIFEST.replace("status: live", "status: planned"))).text
    assert f"Commit {revision}, with changes that are not committed" in changed


def test_every_evaluation_is_a_row_and_sums_have_pictures(page):
    parsed = Page(page())
    rows = [attrs for tag, attrs in parsed.tags if tag == "tr" and "data-verdict" in attrs]
    assert len(rows) == len([1 for tag, attrs in parsed.tags if tag == "tr" and attrs.get("data-verdict")])
    assert {"pass", "fail", "not-applicable"} <= {attrs["data-verdict"] for attrs in rows}
    assert len(rows) % 2 == 0  # two models by the same rules
    assert [tag for tag, _ in parsed.tags].count("svg") == 4  # two lineages, serving, training


def test_the_same_inputs_and_day_give_the_same_bytes(page):
    assert page() == page()


def test_nothing_is_loaded_from_anywhere(page):
    parsed = Page(page())
    for tag, attrs in parsed.tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form", "image", "use")
        assert not {"src", "srcset", "xlink:href", "style", "action"} & set(attrs)
        assert not any(name.startswith("on") for name in attrs)
        assert tag != "a" or attrs["href"].startswith("#")


def test_the_security_policy_lets_our_own_script_and_style_run_alone(page):
    html = page()
    policy = next(a["content"] for t, a in Page(html).tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none';")
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def with_texts(texts: list[str]) -> str:
    """A manifest that holds one of the texts in each place that takes any."""
    quoted = ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]
    manifest = MANIFEST.replace("project: support-bot", f"project: {quoted[0]}")
    manifest = manifest.replace("owner: support-platform", f"owner: {quoted[1]}")
    manifest = manifest.replace("intended: answers questions", f"intended: {quoted[2]}")
    manifest = manifest.replace("source: internal", f"source: {quoted[3]}").replace("by: legal", f"by: {quoted[4]}")
    return manifest + "".join(f"  - {{name: {name}, model: acme/none, objective: chat}}\n" for name in quoted)


def test_untrusted_text_stays_text(page):
    usual = Page(page(with_texts([f"text-{number}" for number in range(len(HOSTILE))])))
    for start in range(0, len(HOSTILE), 5):
        texts = HOSTILE[start:] + HOSTILE[:start]
        parsed = Page(page(with_texts(texts)))
        assert [tag for tag, _ in parsed.tags] == [tag for tag, _ in usual.tags]
        assert [sorted(attrs) for _, attrs in parsed.tags] == [sorted(attrs) for _, attrs in usual.tags]
        assert all(" ".join(text.split()) in parsed.text for text in texts)


def test_what_turns_text_around_is_spelled_out(page):
    written = page(MANIFEST.replace("answers questions", '"a\\u202eb"').replace("tickets", '"t\\u2066"'))
    assert written.replace("\n", "").isprintable()
    assert "a\\u202eb" in Page(written).text
    assert "t\\u2066" in Page(written).text


def test_a_manifest_that_cannot_be_used_is_the_first_thing_said(page):
    text = Page(page("weighbridge: 1\nmodels:\n  - modle: a/b\n")).text
    assert "model.yaml cannot be used and was not judged." in text
    assert "exit code 2" in text


def test_tables_and_pictures_speak_to_a_screen_reader(page):
    parsed = Page(page())
    tags = [tag for tag, _ in parsed.tags]
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in attrs for tag, attrs in parsed.tags if tag == "th")
    assert all(attrs.get("role") == "img" for tag, attrs in parsed.tags if tag == "svg")
    assert next(attrs for tag, attrs in parsed.tags if tag == "html") == {"lang": "en"}


def test_a_family_of_several_generations_is_drawn_from_left_to_right():
    members = (Member("a/merge", "llama3"), Member("b/one", "llama3"), Member("c/two", "MIT"), Member("d/root", "MIT"))
    steps = (
        Descent("a/merge", "b/one", "merge"),
        Descent("a/merge", "c/two", "merge"),
        Descent("c/two", "d/root", "finetune"),
    )
    drawn = str(lineage.draw("family", members, steps))
    left = {name: int(x) for name, x in re.findall(r"<title>([a-d]/\w+): .*?x=\"(\d+)\"", drawn)}
    assert left["a/merge"] < left["b/one"] == left["c/two"] < left["d/root"]


def test_a_circle_of_ancestors_is_drawn_and_ends():
    members = (Member("a", "MIT"), Member("b", "MIT"))
    assert "<svg" in lineage.draw("circle", members, (Descent("a", "b", "finetune"), Descent("b", "a", "finetune")))


def test_a_bar_is_as_long_as_what_is_needed():
    stack = Stack("serving", (("weights", 30), ("cache", 10)), limit=20, usable=18)
    widths = [
        float(width)
        for width in re.findall(r'class="part\d" x="[\d.]+" y="\d+" width="([\d.]+)"', memory.draw("x", stack))
    ]
    assert widths == [540.0, 180.0]
    assert 'class="limit" x1="360.0"' in memory.draw("x", stack)


def test_what_blocks_comes_first_and_of_it_the_gravest_level_whichever_model_it_is_of(weighbridge, project):
    manifest = """\
weighbridge: 1
models:
  - {name: a, model: Qwen/Qwen2.5-7B-Instruct, revision: main, objective: chat}
  - {name: b, model: nvidia/NV-Embed-v2, objective: similarity}
"""
    policy = """\
policy: acme
version: 1
rules: {license-allowed: {enforcement: hard-mandatory, allow: [Apache-2.0]}, revision-pinned: soft-mandatory}
"""
    folder = project({"model.yaml": manifest, "policy.yaml": policy})
    weighbridge("check", "--policy", "policy.yaml", "--output", "html=page.html")
    page = (folder / "page.html").read_text(encoding="utf-8")
    found = re.findall(r'<article class="finding">\s*<h3>.*?</span> ([\w-]+: \w+) \(blocks\)', page)
    assert found == ["license-allowed: b", "revision-pinned: a", "revision-pinned: b"]
