"""An entry of a list is used where it names the licence of a model, in whatever way that is written."""

from __future__ import annotations

import pytest

from checker.licenses.registry import resolve
from checker.licenses.unused import unused


@pytest.mark.parametrize(("spelling", "left"), [
    ("mit", ("Apache-2.0", "LicenseRef-acme")),
    ("MIT OR Apache-2.0", ("LicenseRef-acme",)),
    ("licenseref-ACME", ("Apache-2.0", "MIT")),
    ("gemma", ("Apache-2.0", "MIT", "LicenseRef-acme")),
])  # fmt: skip
def test_what_no_model_is_under_is_left(spelling, left):
    assert unused(("Apache-2.0", "MIT", "LicenseRef-acme"), [resolve(spelling)]) == left


def test_a_family_meets_each_of_its_members():
    assert unused(("BSD-2-Clause", "MIT"), [resolve("bsd")]) == ("MIT",)
