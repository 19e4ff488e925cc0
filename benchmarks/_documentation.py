"""Tables of benchmarks in the documentation, between marks that name the benchmark."""

from __future__ import annotations

from checker.memory.stacks import DEFAULTS


def written(page: str, name: str, text: str) -> str:
    """The page with that benchmark's tables.

    Raises:
        ValueError: the page has no marks of that name.
    """
    start, end = marks(name)
    before, _, rest = page.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"the page has no part between `{start}` and `{end}`")
    return f"{before}{start}\n\n{text}\n\n{end}{after}"


def marks(name: str) -> tuple[str, str]:
    """What stands before and after the tables."""
    return f"<!-- benchmarks/{name}.py -->", f"<!-- end of benchmarks/{name}.py -->"


def stack_table() -> str:
    """What each training software does, from the table that the estimates use."""
    names = ("full fine-tuning", "bytes", "checkpointing", "loss", "double quantization", "keeps inputs", "optimizer")
    lines = [f"| `stack` | {' | '.join(names)} | read in |", f"| --- {'| --- ' * (len(names) + 1)}|"]
    for stack, one in DEFAULTS.items():
        several = one.sharded_checkpointing
        checkpointing = _word(one.gradient_checkpointing)
        checkpointing += f", several devices {_word(several)}" if several is not None else ""
        optimizer = f"{one.optimizer}" + (f", qlora {one.qlora_optimizer}" if one.qlora_optimizer else "")
        optimizer += ", foreach" if one.foreach else ""
        optimizer += ", in the backward pass of a full fine-tuning" if one.optimizer_in_backward else ""
        cells = (
            *(one.full_precision, str(one.adapter_bytes), checkpointing, one.loss),
            *(_word(one.double_quantization), _word(one.keeps_quantized_inputs), optimizer, "; ".join(one.sources)),
        )
        lines.append(f"| `{stack}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def _word(switch: bool) -> str:
    return "on" if switch else "off"
