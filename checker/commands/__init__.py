"""One file, one command: parse, call, print. A command is found by its file name."""
