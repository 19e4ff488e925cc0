"""What people read of the variables that custom rules may use."""

from __future__ import annotations

from checker.custom.variables import Variable
from checker.policy.custom_page import as_table, introduced

VARIABLES = (
    Variable("model.params", "int", "The number of parameters.", ()),
    Variable("manifest.objective", "string", "What it is for.", (), ("chat", "similarity")),
    Variable("x", "list(string)", "", (), ("a",)),
    Variable("y", "bool", "", ()),
)


def test_a_terminal_gets_columns_behind_an_introduction():
    introduction, _, listed = introduced(VARIABLES).partition("says more.\n\n")
    assert introduction.splitlines()[0] == (
        "custom-rules: rules of a policy's own, in the Common Expression Language (extra `cel`)."
    )
    assert listed.splitlines() == [
        "model.params        int           The number of parameters.",
        "manifest.objective  string        What it is for. One of chat, similarity.",
        "x                   list(string)  One of a.",
        "y                   bool",
    ]
    assert listed.endswith("bool\n")


def test_the_documentation_gets_a_table():
    assert as_table(VARIABLES) == (
        "| variable | type | meaning |\n"
        "|---|---|---|\n"
        "| `model.params` | int | The number of parameters. |\n"
        "| `manifest.objective` | string | What it is for. One of chat, similarity. |\n"
        "| `x` | list(string) | One of a. |\n"
        "| `y` | bool |  |\n"
    )
