"""What a text says of models that are trained on outputs."""

from __future__ import annotations

from checker.licenses.derivative import Conflict, Derivative, Found, Offered, carries, granted, grants_commercial_use
from checker.licenses.license import License
from checker.licenses.terms import Duty, Unsettled, says


def judge_outputs(teacher: License, student: Derivative) -> Found:
    """Whether the teacher's outputs may have trained this student."""
    training = teacher.output_training
    subject = says(teacher, training.clause)
    found = f"{student.subject} was trained on them"
    match training.value:
        case "unrestricted":
            return None
        case "conditional":
            return _on_outputs(teacher, f"conditions on training with outputs: {training.detail}", "sets")
        case "prohibited" if training.only_generative and student.student == "not-generative":
            shown = f"that {student.subject} is none is to be shown"
            return _on_outputs(teacher, f"outputs improve no other language or generative model; {shown}", "lets")
        case "prohibited" if training.own_family_excepted and _descends(student, teacher):
            return _on_outputs(teacher, "outputs improve models that descend from it alone", "lets")
        case "prohibited":
            return Conflict("output-training", f"{subject} lets outputs improve no other model", found, training.clause)
        case "prohibited-for-competing-models":
            term = f"{subject} lets outputs improve no model that competes with the licensor"
            return Unsettled(f"{term}; nothing states whether {student.subject} does", training.clause, provable=True)
        case "noncommercial-only" | "research-only":
            term = f"{subject} keeps its limit to {granted(teacher)} for outputs"
            if isinstance(student.label, Offered) and grants_commercial_use(student.label):
                return Conflict("output-training", term, found, training.clause)
            return _on_outputs(teacher, f"its limit to {granted(teacher)} for outputs", "keeps")
        case _ if teacher.evidence.read == "partial":
            return Unsettled(f"what {teacher.id} says of outputs was not read", training.clause)
        case _:
            return None


def _on_outputs(teacher: License, what: str, verb: str) -> Duty:
    return Duty("output-training", teacher.id, what, teacher.output_training.clause, verb=verb)


def _descends(student: Derivative, teacher: License) -> bool:
    if student.started_from is None:
        return carries(student.label, teacher)
    return any(text.id == teacher.id for text in student.started_from)
