"""Asks the five steps of the checklist and makes a manifest of the answers (`weighbridge init`)."""
