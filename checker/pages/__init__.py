"""Pages for people: HTML that stands by itself, fetches nothing, and prints."""
