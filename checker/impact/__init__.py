"""What a change of a policy would do to the projects that it holds for, before it is merged."""
