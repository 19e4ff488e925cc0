"""Input that means harm: text that would leave its place in an output, and names that would leave the repository."""
