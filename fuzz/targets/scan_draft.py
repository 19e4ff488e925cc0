"""A manifest that is drafted from code: the entries that we gave it, whatever that code calls its models."""

from checker.scan.draft import draft
from fuzz.captured import DRAFTED
from fuzz.rendered import of
from fuzz.wellformed import yaml_documents

seeds, one = of(DRAFTED, draft, yaml_documents, ours=("objective", "task", "key", "access"))
