"""Fixes that change how something is written and not what is meant: one file, one kind."""
