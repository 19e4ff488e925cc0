"""Which layers stand on which device where nothing but whole layers are divided."""

from itertools import pairwise

from checker.value import NamedTuple


class Part(NamedTuple):
    """What one device holds."""

    layers: int
    table: bool = False
    head: bool = False


def balanced(layer: int, layers: int, table: int, head: int, devices: int) -> tuple[Part, ...]:
    """How `device_map="auto"` fills devices in order (`get_balanced_memory`, `infer_auto_device_map` of accelerate).

    Each takes an equal part of the bytes and 1.25 times the largest piece; the first leaves room for the largest piece;
    the last takes what is left.
    """
    if devices == 1:
        return (Part(layers, table=True, head=True),)
    largest = max(layer, table, head)
    room = (layer * layers + table + head) // devices + int(1.25 * layer)
    parts, left = [], layers
    for device in range(devices):
        first, last = device == 0, device == devices - 1
        space = room - (table + largest if first else 0)
        taken = left if last else max(0, min(left, space // max(1, layer)))
        parts.append(Part(taken, table=first, head=last))
        left -= taken
    return tuple(parts)


def split(layers: int, devices: int) -> tuple[Part, ...]:
    """How llama.cpp divides layers and the head behind them over equal devices; the table stays on the host."""
    pieces = layers + 1
    bounds = [device * pieces // devices for device in range(devices + 1)]
    return tuple(
        Part(end - start - (1 if device == devices - 1 else 0), head=device == devices - 1)
        for device, (start, end) in enumerate(pairwise(bounds))
    )
