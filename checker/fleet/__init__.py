"""Many projects at once: found, judged each by the gate, and gathered into one inventory (`audit`)."""
