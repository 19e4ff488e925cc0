"""A manifest, with the names in it that the catalogue and the licences know."""

from checker.manifest.load import load
from checker.vocabulary import unknown_names
from fuzz.target import files, source
from fuzz.yaml_words import only_the_fast_parser, words_of

WORDS = words_of("manifest")


def seeds():
    only_the_fast_parser()
    return files("examples/*/model.yaml", "tests/manifest/examples/*/*.yaml", longest=512)


def one(data):
    load(source(data, "model.yaml"), unknown_names=unknown_names)
