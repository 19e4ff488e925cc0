"""Answers to "does it fit?": one plan as somebody wrote it, what it needs, and what would fit instead."""
