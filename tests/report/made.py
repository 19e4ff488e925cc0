"""Reports made by hand, for what no manifest of a test can bring about: hostile text everywhere, thousands of findings."""

from __future__ import annotations

from datetime import date

from checker.document.errors import Problem
from checker.document.place import Place, SourceFile
from checker.facts.fact import Certainty, Fact, Origin, Source
from checker.policy.policy import ChosenBy, Layer, Rank
from checker.rulebook.schedule import Enforcement
from checker.rulebook.settings import Settler
from checker.surroundings import Surroundings
from checker.verdict import (
    Detail,
    Evaluation,
    JudgedManifest,
    JudgedModel,
    Missing,
    PolicyPlace,
    PolicyStamp,
    RefusedManifest,
    Report,
    Verdict,
    WaivedBy,
)

MANIFEST = SourceFile("model.yaml", "weighbridge: 1\nmodels:\n  - model: acme/one\n    revision: main\n")
POLICY = SourceFile("policy.yaml", "policy: acme\nrules:\n  license-allowed: hard-mandatory\n")
AT = Place(MANIFEST, 4, 15, 4)
BY = PolicyPlace("policy.yaml", Place(POLICY, 3, 3, 15), "enforcement", True)
HERE = Surroundings({"model.yaml": "svc/model.yaml", "policy.yaml": "policy.yaml"})
STAMP = PolicyStamp("acme", "7", "a" * 64, None, ChosenBy.OPTION, (Layer(Rank.ORGANISATION, "policy.yaml"),))
WAIVER = WaivedBy(
    id="W-1",
    rule="revision-pinned",
    kind="adoption",
    reason="moves next month",
    approver="legal@example.com",
    approved_on=date(2026, 11, 1),
    expires=date(2026, 12, 1),
    days_left=8,
    ticket="T-7",
    at=Place(SourceFile("waivers.yaml", "waivers:\n  - id: W-1\n"), 2, 5, 2),
    commit="c" * 40,
    author="Dana <dana@example.com>",
    approver_is_author=False,
)


def detail(found: str = "`main`, which can be moved", **changes: object) -> Detail:
    made = Detail(
        at=AT,
        policy=BY,
        expected="a commit",
        found=found,
        remedy="pin it",
        evidence=(Fact("MIT", Certainty.DECLARED, Source(Origin.CATALOGUE, "card", "acme/one", "b" * 40)),),
        lines=(),
        blocks=True,
        value=found,
    )
    return made._replace(**changes)


def missing(name: str = "license", **changes: object) -> Missing:
    made = Missing(name, "no source states it", "model.yaml", "known:\n  license: {value: MIT}", AT, value=name)
    return made._replace(**changes)


def evaluation(
    rule: str = "revision-pinned", verdict: Verdict = Verdict.FAIL, *details: Detail | Missing, **changes: object
) -> Evaluation:
    made = Evaluation(
        rule=rule,
        model="one",
        verdict=verdict,
        enforcement=Enforcement.SOFT_MANDATORY,
        settled_by=Settler.YOU,
        at=AT,
        policy=BY,
        blocks=any(getattr(one, "blocks", True) and not one.waiver for one in details),
        findings=tuple(one for one in details if isinstance(one, Detail)),
        missing=tuple(one for one in details if isinstance(one, Missing)),
    )
    return made._replace(**changes)


def model(*evaluations: Evaluation, name: str = "one") -> JudgedModel:
    return JudgedModel(
        name=name,
        id="acme/one",
        found_as="acme/one",
        at=AT,
        revision=None,
        origin="catalogue",
        nearest=None,
        recorded_at=None,
        assumptions=(),
        evaluations=tuple(one._replace(model=name) for one in evaluations),
    )


def report(*models: JudgedModel, refused: tuple[Problem, ...] = (), **changes: object) -> Report:
    manifest = JudgedManifest("model.yaml", "shop", "team", "live", STAMP, models)
    made = Report(
        tool_version="1.2.3",
        today=date(2026, 11, 23),
        catalogue_sha256="d" * 64,
        catalogue_recorded=date(2026, 11, 20),
        manifests=(manifest,) if models else (),
        refused=(RefusedManifest("broken.yaml", refused),) if refused else (),
        foreign=(),
        relaxations=(),
    )
    return made._replace(**changes)


def of_every_weight() -> Report:
    """One remark of each kind, and a pass, and a rule that does not apply."""
    return report(
        model(
            evaluation("license-allowed", Verdict.PASS, margin="9 days"),
            evaluation("api-allowed", Verdict.NOT_APPLICABLE, reason="the project runs the weights itself"),
            evaluation("revision-pinned", Verdict.FAIL, detail()),
            evaluation(
                "size-class", Verdict.FAIL, detail("two classes", blocks=False), enforcement=Enforcement.ADVISORY
            ),
            evaluation("license-known", Verdict.NOT_EVALUATED, missing()),
            evaluation("facts-known", Verdict.NOT_EVALUATED, missing("dtype"), blocks=False),
            evaluation("remote-code", Verdict.WAIVED, detail("code in the repository", waiver=WAIVER, blocks=False)),
        ),
        model(name="unjudged"),
        refused=(Problem("unknown key `colour`", "one of name", at=Place(SourceFile("broken.yaml", "a\n"), 1, 1)),),
    )


HOSTILE = (
    "::error::owned\n::set-env name=A::b\r##[add-mask]x %0A, : ]]> </failure><script>alert(1)</script> <!-- -->"
    " | cell | `code` ```\n# Heading\n@everyone #12 !34 GH-7 www.evil.example https://evil.example [a](b) ![i](j)"
    " *b* _u_ ~s~ $m$ \\ a@b.example \x1b[31m \u202e \x00 \ufffe \ud800 {0} &amp; \" '"
)
