"""A question to the licences from outside: its words, its judgement, its answer."""
