"""Tests of the questions of the checklist."""
