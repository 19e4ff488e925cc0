"""Choosing a model: every candidate judged by the engine and the rules of `check`, grouped and ranked."""
