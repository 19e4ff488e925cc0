"""What can be done with results of evaluations; one file, one action."""
