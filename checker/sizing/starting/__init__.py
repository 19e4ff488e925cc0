"""How a plan is started: one file a runtime, and what a cluster is told."""
