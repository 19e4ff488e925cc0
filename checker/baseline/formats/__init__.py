"""One file, one format of result files; found by their names."""
