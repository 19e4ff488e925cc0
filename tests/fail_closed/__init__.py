"""Every way in which a gate of this kind goes green by mistake, each with the code and the words that stop it."""
