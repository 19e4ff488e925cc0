"""GPU memory by arithmetic: what training and serving a model need, term by term, and which hardware holds it."""
