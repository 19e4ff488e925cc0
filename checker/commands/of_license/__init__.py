"""The actions of `weighbridge license`: one file, one action, found by its name."""
