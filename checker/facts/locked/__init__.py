"""The lock: what was resolved of each model at one commit, kept beside the manifest for checks without a network."""
