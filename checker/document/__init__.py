"""A text file from outside: read within limits, turned into a located tree, bound to a typed model."""
