"""What kind of model one is, for a terminal."""

from checker.facts.kind.answer import as_text
from fuzz.captured import CLASSIFIED
from fuzz.rendered import of
from fuzz.wellformed import text


def written(name, kind):
    """With the signs as we call them: what they show are the texts of others."""
    plain = CLASSIFIED.arguments()["kind"].evidence
    told = (
        one._replace(seen=tuple((sign, shown) for (sign, _), (_, shown) in zip(ours.seen, one.seen, strict=True)))
        for ours, one in zip(plain, kind.evidence, strict=True)
    )
    return as_text(name, kind._replace(evidence=tuple(told)))


seeds, one = of(CLASSIFIED, written, text, ours=("decides", "answer", "because", "standing", "objectives"))
