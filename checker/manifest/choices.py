"""The words that rules know of a manifest: importing them loads none of the blocks in which they stand."""

from enum import StrEnum

from checker.memory.choices import Method

__all__ = ["Access", "Documents", "Goal", "Method", "Objective", "Purpose", "SizeClass", "Status"]


class Objective(StrEnum):
    """What the model is to do."""

    CHAT = "chat"
    TEXT_GENERATION = "text-generation"
    SIMILARITY = "similarity"
    RERANKING = "reranking"
    MULTI_LABEL_CLASSIFICATION = "multi-label-classification"
    MULTI_CLASS_CLASSIFICATION = "multi-class-classification"
    OTHER = "other"
    """Something else; `task` says what."""


class SizeClass(StrEnum):
    """Classes of size of the guidance."""

    EDGE = "edge"
    """1 to 3 billion parameters."""
    GENERAL = "general"
    """7 to 8 billion parameters."""
    EXPERT = "expert"
    """14 to 30 billion parameters."""


class Access(StrEnum):
    """How the project comes to the model's answers."""

    WEIGHTS = "weights"
    """It runs the weights itself."""
    API = "api"
    """It asks somebody's service."""


class Documents(StrEnum):
    """What kind of documents the model reads."""

    LONG_FORM = "long-form"


class Status(StrEnum):
    """Whether the models are in use."""

    PLANNED = "planned"
    LIVE = "live"
    RETIRED = "retired"


class Purpose(StrEnum):
    """What the use is for, as licences distinguish it."""

    COMMERCIAL = "commercial"
    RESEARCH = "research"
    PERSONAL = "personal"


class Goal(StrEnum):
    """What the fine-tuning is to change."""

    BEHAVIOUR = "behaviour"
    TONE = "tone"
    OUTPUT_FORMAT = "output-format"
    NEW_LANGUAGE = "new-language"
    DOMAIN_VOCABULARY = "domain-vocabulary"
    DOMAIN_KNOWLEDGE = "domain-knowledge"
