"""Hostile input for every reader and every writer: one file a target, one driver, one record."""
