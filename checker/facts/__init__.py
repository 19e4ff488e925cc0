"""What is known of a model: typed facts with their provenance, and the sources that they come from."""
