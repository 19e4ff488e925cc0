"""One file, one target: what may come in, where its seeds are, and what must hold whatever comes in."""
