"""What only people can answer where terms are the matter: another use, or a decision; never a text to be changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.manifest.choices import Purpose
from checker.manifest.edit import Edit
from checker.remedies.case import Case
from checker.remedy import Question

_OTHER_USES = {
    "purpose": tuple(purpose.value for purpose in Purpose),
    "distribution": ("internal", "service", "weights", "on-device"),
}
"""Keys of `use` that terms distinguish, with what they may say."""


def about(case: Case, holds: Callable[[tuple[Edit, ...]], bool]) -> tuple[Question, ...]:
    """The questions about a finding of a licence rule; none about any other."""
    if not case.rule.startswith("license-") or not case.stops:
        return ()
    if case.rule == "license-declared":
        return (
            Question(
                "which of the sources is right about the licence?",
                "whoever has read the licence file corrects the source that is wrong; nothing here does it for them",
            ),
        )
    decided = Question(
        f"may {case.entry.model.value} be used here all the same?",
        "whoever decides about licences for the organisation can know of an agreement, or read the terms otherwise;"
        " the policy records that, not the manifest",
    )
    return (*_other_uses(case, holds), decided)


def _other_uses(case: Case, holds: Callable[[tuple[Edit, ...]], bool]) -> Iterator[Question]:
    use = case.manifest.use
    for key, values in _OTHER_USES.items():
        present = getattr(use, key, None) if use else None
        stated = () if not present else present if isinstance(present, tuple) else (present,)
        said = " and ".join(one.value for one in stated)
        for value in values:
            edit = Edit(("use", key), value) if use else Edit(("use",), f"{{{key}: {value}}}")
            if value != said and holds((edit,)):
                declared = f"the manifest says `{said}`" if said else "the manifest does not say it"
                yield Question(
                    f"is `use.{key}: {value}` what is really done? {declared}",
                    f"if it is, and the manifest says so, {case.rule} of {case.entry.display_name} passes",
                )
