"""Weighbridge checks the AI models that a project declares against facts about them and an organisation's policy."""

__all__ = ["__version__"]
__version__ = "0.1.0"
