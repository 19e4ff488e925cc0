"""Finds the models that code and configuration of a repository use: by parsing, never by running anything."""
