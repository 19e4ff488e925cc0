"""Weighbridge checks the AI models that a project declares against facts about them and an organisation's policy."""

__all__ = ["HOME", "__version__"]
__version__ = "0.1.0"

HOME = "https://weighbridge.example"
"""The project's home."""
