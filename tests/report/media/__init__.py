"""How each output format is read back, a file each: what its words are, and what would be harm in its medium."""
