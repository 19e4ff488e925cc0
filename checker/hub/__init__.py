"""Asks the Hub what it knows of a model: the only room that opens a socket."""
