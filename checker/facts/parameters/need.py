"""A formula states which dimensions it cannot do without."""

from __future__ import annotations


class DimensionUnknownError(LookupError):
    """A formula needs a dimension that no source gives."""


def need(size: int | None) -> int:
    """The size, where it is known.

    Raises:
        DimensionUnknownError: it is None.
    """
    if size is None:
        raise DimensionUnknownError
    return size
