"""Recorded, expiring exceptions: reading them, deciding whether they count, and what they cover."""
