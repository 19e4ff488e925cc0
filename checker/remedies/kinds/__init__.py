"""Kinds of change: one file, one kind."""
