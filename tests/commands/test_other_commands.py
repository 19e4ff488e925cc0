"""`explain`, `schema`, `policy`, `completion`, and what the command line says of itself."""

from __future__ import annotations

import json

import jsonschema
import pytest

from checker import __version__
from checker.command_line import command_names
from checker.facts.catalogue import Catalogue
from checker.facts.telling import as_values, told
from checker.policy.extends import pack_names
from checker.published import FOLDER, SCHEMAS, files
from checker.rulebook.discover import rule_ids


def test_the_version_is_said(weighbridge):
    assert weighbridge("--version") == (0, f"weighbridge {__version__}\n", "")


def test_help_lists_every_command_and_the_exit_codes(weighbridge):
    run = weighbridge("--help")
    assert run.code == 0
    assert all(f"    {command}" in run.out for command in command_names())
    assert "exit codes: 0 nothing blocks, 1 a blocking finding, 2 unusable input, 3 could not be evaluated" in run.out


@pytest.mark.parametrize("arguments", [(), ("chekc",), ("--versoin",)])
def test_a_line_without_a_command_ends_with_two(weighbridge, arguments):
    run = weighbridge(*arguments)
    assert run.code == 2
    assert run.out == ""
    assert (arguments or ("COMMAND",))[0] in run.err


def test_a_path_in_the_place_of_a_command_is_told_the_command(weighbridge, project):
    project({"model.yaml": "", "acme.yaml": ""})
    assert weighbridge("model.yaml").err.startswith("weighbridge: error: argument COMMAND: `model.yaml` is none of ")
    assert "; did you mean `weighbridge check model.yaml`?" in weighbridge("model.yaml").err
    assert "; did you mean `weighbridge policy check acme.yaml`?" in weighbridge("policy", "acme.yaml").err
    assert "did you mean" not in weighbridge("nowhere.yaml").err
    assert "did you mean" not in weighbridge("license", "acme.yaml").err


def test_explain_lists_every_rule_with_one_sentence(weighbridge):
    lines = weighbridge("explain").out.splitlines()
    assert [line.split()[0] for line in lines] == list(rule_ids())
    assert all(line.endswith(".") for line in lines)


def test_explain_says_what_a_person_needs_to_know_of_a_rule(weighbridge):
    out = weighbridge("explain", "context-window").out
    assert out.startswith("context-window: The declared context window is one that the model was trained for.\n")
    for part in ("What: ", "Why:  ", "Fix:  ", "Settled by: you", "  share (default 1.0): ", "Passes: {", "Fails:  {"):
        assert f"\n{part}" in out
    assert "    A lower layer may set only a smaller number.\n" in out


def test_explain_writes_a_page_of_the_documentation(weighbridge):
    out = weighbridge("explain", "context-window", "--markdown").out
    assert out.startswith("# context-window\n\nThe declared context window")
    assert "| `share` | `1.0` |" in out


NEITHER = (
    "is neither a rule, nor a licence, nor a model that the catalogue knows: expected the id of a rule, a licence in any"
    " spelling, or the id of a model of the catalogue"
)


@pytest.mark.parametrize(("arguments", "said"), [
    (("context-windwo",), f"`context-windwo` {NEITHER}; did you mean `context-window`?"),
    (("apahce-2.0",), f"`apahce-2.0` {NEITHER}; did you mean `Apache-2.0`?"),
    (("BAAI/bge-m4",), f"`BAAI/bge-m4` {NEITHER}; did you mean `BAAI/bge-m3`?"),
    (("xyzzy",), f"`xyzzy` {NEITHER}; `weighbridge explain` lists all rules, and `--policy FILE` tells one of a policy's"
                 " own"),
    (("mit", "--markdown"), "`mit` is no rule: expected the id of a rule; `weighbridge explain` lists all rules, and"
                            " `--policy FILE` tells one of a policy's own"),
    (("BAAI/bge-m3", "--markdown"), "`BAAI/bge-m3` is no rule: expected the id of a rule; `weighbridge explain` lists"
                                    " all rules, and `--policy FILE` tells one of a policy's own"),
    (("context-window", "--json"), "`context-window` is neither a licence nor a model that the catalogue knows: expected"
                                   " a licence in any spelling, or the id of a model of the catalogue; a rule is told"
                                   " without --json"),
])  # fmt: skip
def test_a_name_that_does_not_exist_is_an_error_with_the_nearest_name(weighbridge, arguments, said):
    run = weighbridge("explain", *arguments)
    assert run.code == 2
    assert run.err == f"explain: error: {said}\n"


@pytest.mark.parametrize("spelling", ["llama3.1", "Llama 3.1 Community License Agreement"])
def test_explain_tells_a_licence_in_any_spelling(weighbridge, spelling):
    run = weighbridge("explain", spelling)
    assert run.code == 0
    assert run.out.startswith("Llama 3.1 Community License (llama3.1)\n  Meta; 2024-07-23; community\n")


def test_explain_gives_other_tools_the_record_of_a_licence(weighbridge):
    run = weighbridge("explain", "gemma", "--json")
    assert run.code == 0
    assert json.loads(run.out)["license"]["hosting_clause"] == "1.1(b)"


@pytest.mark.parametrize("model", ["BAAI/bge-m3", "baai/BGE-m3", "bge-m3"])
def test_explain_tells_what_is_recorded_of_a_model_and_by_whom(weighbridge, model):
    run = weighbridge("explain", model)
    assert run.code == 0
    assert run.out.startswith("BAAI/bge-m3\n  formerly bge-m3\n  recorded at 5617a9f61b028005a4858fdac845db406aefb181")
    assert "\nlicense: mit\n  declared; catalogue: hf-card" in run.out
    assert "\narchitecture class: bi-encoder\n  inferred; catalogue: curated at 5617a9f6" in run.out
    assert "\nStated by no source: license name, " in run.out
    assert "\nNot read: weight formats, remote code, gated, unsafe files; only files can tell" in run.out


def test_every_model_of_the_catalogue_is_told_to_people_and_to_programs():
    catalogue = Catalogue()
    for model in catalogue.ids():
        facts = catalogue.find(model)
        values = json.loads(json.dumps(as_values(facts)))
        assert values["model"] == model
        assert not set(values["facts"]) & set(values["unknown"])
        assert {"license", "parameters", "gated"} <= {*values["facts"], *values["unknown"]}
        assert told(facts).startswith(f"{model}\n")


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_printed_schema_is_the_shipped_one(weighbridge, kind):
    assert weighbridge("schema", kind).out == (FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert weighbridge("schema", kind, "--draft-07").out == (FOLDER / f"{kind}.draft-07.schema.json").read_text("utf-8")


def test_the_shipped_schemas_are_those_that_the_models_make():
    shipped = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert shipped == files(), "run `python3 dev.py generate`"


@pytest.mark.parametrize("name", files())
def test_each_schema_is_one(name):
    schema = json.loads(files()[name])
    validator = jsonschema.Draft7Validator if "draft-07" in name else jsonschema.Draft202012Validator
    validator.check_schema(schema)


@pytest.mark.parametrize("pack", pack_names())
def test_the_policy_schema_accepts_every_pack(pack):
    from ruamel.yaml import YAML

    from checker.policy.extends import pack_path

    jsonschema.Draft202012Validator(SCHEMAS["policy"]()).validate(YAML(typ="safe").load(pack_path(pack)))


@pytest.mark.parametrize(
    "policy",
    [
        {"policy": "a", "version": "1", "rules": {"licence-known": "advisory"}},
        {"policy": "a", "version": "1", "rules": {"license-known": "strict"}},
        {"policy": "a", "version": "1", "rules": {"license-known": {"enforcement": "advisory", "colour": "red"}}},
        {"policy": "a", "version": "1", "rules": {"context-window": {"enforcement": "advisory", "share": 7}}},
        {"policy": "a", "version": "1", "waivers": {"max_days": 0}},
        {"policy": "a", "version": "1", "waivers": {"from": "anybody"}},
        {"version": "1"},
    ],
)
def test_the_policy_schema_refuses_what_the_loader_refuses(policy):
    assert not jsonschema.Draft202012Validator(SCHEMAS["policy"]()).is_valid(policy)


def test_policy_show_names_the_layer_that_set_each_value(weighbridge, project):
    project(
        {
            "acme.yaml": "policy: acme\nversion: 7\nextends: weighbridge:enterprise\n"
            "rules:\n  context-window: {share: 50%}\n",
            "weighbridge-policy.yaml": "rules: {size-class: hard-mandatory}\n",
        }
    )
    out = weighbridge("policy", "show", "--policy", "acme.yaml").out
    assert "layers, the top one first: weighbridge:enterprise (pack), acme.yaml (organisation), " in out
    assert "  share: 0.5, set by acme.yaml (acme.yaml:5:20)\n" in out
    assert "size-class: hard-mandatory\n  enforcement set by weighbridge-policy.yaml" in out
    assert "set by the rule's default" in out
    shown = json.loads(weighbridge("policy", "show", "--policy", "acme.yaml", "--json").out)
    assert shown["rules"]["context-window"]["settings"]["share"] == 0.5
    assert shown["project_sha256"] not in (None, shown["sha256"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "chosen by the project in pyproject.toml"),
        (("--policy", "acme.yaml"), "named by --policy"),
    ],
)
@pytest.mark.parametrize("form", ["text", "html"])
def test_policy_show_says_who_named_the_policy(weighbridge, project, form, options, said):
    project(
        {
            "acme.yaml": "policy: acme\nversion: 7\nrules: {license-known: advisory}\n",
            "pyproject.toml": '[tool.weighbridge]\npolicy = "acme.yaml"\n',
        }
    )
    assert said in weighbridge("policy", "show", "--output", form, *options).out


def test_policy_check_tells_usable_files_from_others(weighbridge, project):
    project(
        {
            "good.yaml": "policy: acme\nversion: 7\nrules: {license-known: advisory}\n",
            "bad.yaml": "policy: acme\nversion: 7\nrules: {licence-known: advisory}\n",
            "off.yaml": "policy: acme\nversion: 7\nrules: {license-known: off}\n",
            "weighbridge-policy.yaml": "rules: {license-known: advisory}\n",
        }
    )
    good = weighbridge("policy", "check", "good.yaml", "weighbridge:starter")
    assert good.code == 0
    assert good.out.startswith("good.yaml: acme 7, 1 rules, sha256 ")
    bad = weighbridge("policy", "check", "good.yaml", "bad.yaml", "off.yaml", "weighbridge-policy.yaml")
    assert bad.code == 2
    assert "did you mean `license-known`?" in bad.err
    assert "off.yaml: error: every rule is off" in bad.err
    assert "lowers license-known from `hard-mandatory` to `advisory`" in bad.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_knows_the_commands(weighbridge, shell):
    run = weighbridge("completion", shell)
    assert run.code == 0
    assert "explain" in run.out
