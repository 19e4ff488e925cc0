"""The published guidance on choosing a model, as data: what the rules' settings start from."""
