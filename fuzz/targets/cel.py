"""A condition of a custom rule in CEL: refused with its place when the policy is loaded, or computed without a failure."""

from checker.custom.expression import Trouble, asks_what_is_known, evaluate, mistakes, names_in
from checker.custom.tokens import tokens
from checker.custom.variables import variables
from fuzz.target import source

LONGEST = 128
WORDS = (
    *sorted(variables()),
    *(" == ", " != ", " in ", " && ", " || ", "!", "? ", " : ", "(", ")", "[", "]", ".exists(x, x)", ".all(x, x > 1)"),
    *(
        '"',
        "'",
        'r"',
        "b'",
        '"""',
        "\\u0041",
        "1",
        "1.0",
        "1u",
        "0x1",
        "-",
        "true",
        "null",
        "//",
        ".matches(",
        ".size()",
    ),
    *("model.license", "int(", "timestamp(", "has(", "{", "}", "%", "type(", "duration("),
)
_BOUND = {
    name: {"string": "a", "bool": True, "int": 1, "double": 1.0}.get(variable.type)
    for name, variable in variables().items()
    if variable.type in ("string", "bool", "int", "double")
}


def seeds():
    for text in (
        "manifest.objective == 'chat'",
        "model.parameters > 7000000000 && model.license in ['Apache-2.0', 'MIT']",
        "!(model.id.matches('^acme/.*$')) || known.license",
        "model.tags.exists(t, t.startsWith('x'))",
        "1 + 2 == 3 ? true : size('a') > 0",
    ):
        yield text.encode()


def one(data):
    text = source(data).text
    wrong = mistakes(text)
    for mistake in wrong:
        assert 0 <= mistake.at <= len(text), mistake
        assert mistake.sentence
        assert "\n" not in mistake.sentence, mistake
    words = list(tokens(text)) if len(text) < 2000 else []
    assert all(text.startswith(word.text, word.at) for word in words if word.kind != "name"), words
    if not wrong:
        asks_what_is_known(text)
        assert set(names_in(text)) <= set(variables())
        assert isinstance(evaluate(text, _BOUND), (bool, Trouble))
    _forgotten()


def _forgotten():
    from checker.custom import expression

    if expression._compiled.cache_info().currsize > 1000:
        expression._compiled.cache_clear()  # a policy has few conditions, a fuzzer has many
        expression.names_in.cache_clear()
        expression.asks_what_is_known.cache_clear()
