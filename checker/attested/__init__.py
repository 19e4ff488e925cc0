"""Signed evidence: what a run found as an in-toto statement in a DSSE envelope, and what still holds of one."""
