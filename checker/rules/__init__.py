"""One file, one rule; the file name is the rule's id."""
