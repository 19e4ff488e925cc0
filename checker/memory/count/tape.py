"""Tensors without content, the graph that keeps them, and the bytes that live at each moment.

A size is a complex number: the real part in bytes, the imaginary part in bytes for each token of the pass, so that one
count serves every batch size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from checker.value import NamedTuple

BLOCK = 512
"""The allocator's granularity, in bytes."""


class Group:
    """What a tensor is for, as the breakdown names it."""

    ACTIVATIONS = 0
    LOGITS = 1
    GRADIENTS = 2
    COPIES = 3
    DEQUANTISED = 4
    STATES = 5


GROUPS = ("activations", "logits and loss", "gradients", "16-bit copies", "de-quantised matrix", "optimizer states")


class Storage:
    """Memory of one tensor and all its views; it counts as live until the last holder lets go."""

    __slots__ = ("group", "size", "tape")

    def __init__(self, tape: Tape, size: complex, group: int) -> None:
        if not size.imag:
            size = complex(-(-int(size.real) // BLOCK) * BLOCK)
        self.tape, self.size, self.group = tape, size, group
        tape.live[group] += size
        tape.total += size
        tape.grown = True

    def __del__(self) -> None:
        tape = self.tape
        if tape.grown:
            tape.note()
        tape.live[self.group] -= self.size
        tape.total -= self.size


class Leaf:
    """A parameter; its bytes are counted elsewhere, its gradient here."""

    __slots__ = ("count", "grad", "held", "item", "trained")

    def __init__(self, count: int, item: int, *, trained: bool, held: Storage | None = None) -> None:
        self.count, self.item, self.trained = count, item, trained
        self.held = held
        """Memory of an activation that stands where a parameter would: the graph holds it to its end."""
        self.grad: Storage | None = None


class Tensor:
    """A tensor or a view of one: a storage, how many values, bytes a value, and the node that made it."""

    __slots__ = ("item", "node", "storage", "values")

    def __init__(self, storage: Storage | None, values: complex, item: int, node: Node | Leaf | None) -> None:
        self.storage, self.values, self.item, self.node = storage, values, item, node

    @property
    def needs_grad(self) -> bool:
        """Whether the backward pass comes here."""
        return self.node is not None


Saved = Tensor | Leaf | None
Backward = Callable[[Storage, Sequence[Saved]], Sequence[Storage | None]]
"""From the gradient of the output and what was kept, the gradients of the inputs."""


class Node:
    """One operation of the graph."""

    __slots__ = ("backward", "frame", "grad", "inputs", "kept", "place")

    def __init__(self, inputs: Sequence[Node | Leaf | None], backward: Backward, place: int) -> None:
        self.inputs, self.backward, self.place = inputs, backward, place
        self.kept: list[Saved] | slice = []
        self.frame: Frame | None = None
        self.grad: Storage | None = None


class Event(NamedTuple):
    """A moment at which something is about to be let go, hence a possible peak."""

    phase: str
    place: int
    """-1 before the blocks, the index of a block, or the number of blocks after them; passes count on."""
    total: complex
    live: tuple[complex, ...]


class _StopRecomputing(Exception):
    """All that the backward pass asks for is there."""


class Frame:
    """A checkpointed part: what is kept of it is its input, and how to run it again."""

    def __init__(self, run: Callable[[Tensor], Tensor], given: Tensor) -> None:
        self.run, self.given = run, given
        self.count = 0
        self.found: list[Saved] | None = None


class Tape:
    """All that lives, the graph in order of creation, and the moments worth remembering."""

    def __init__(self, *, autocast: bool) -> None:
        self.autocast = autocast
        self.live: list[complex] = [0j] * len(GROUPS)
        self.total = 0j
        self.grown = False
        self.phase = "forward"
        self.place = -1
        self.nodes: list[Node] = []
        self.events: list[Event] = []
        self.casts: dict[int, Tensor] = {}
        """16-bit copies of trained weights, which autocast keeps until it ends."""
        self.frame: Frame | None = None
        self.recomputing = False
        self.group = Group.ACTIVATIONS

    def note(self) -> None:
        """Remember this moment."""
        self.grown = False
        self.events.append(Event(self.phase, self.place, self.total, tuple(self.live)))

    def new(self, values: complex, item: float, group: int | None = None) -> Storage:
        """Memory for so many values."""
        return Storage(self, values * item, self.group if group is None else group)

    def op(
        self,
        inputs: tuple[Tensor | Leaf, ...],
        values: complex,
        item: int,
        backward: Backward,
        *,
        saves: tuple[Saved, ...] = (),
        keeps_output: bool = False,
        extra: tuple[complex, ...] = (),
        view_of: Tensor | None = None,
    ) -> Tensor:
        """An operation: what it reads, the size of its result, and what its gradient needs.

        Args:
            inputs: tensors and parameters, in the order in which `backward` returns their gradients.
            values: of the result.
            item: bytes a value of the result.
            saves: what is kept of the inputs.
            keeps_output: whether the result itself is kept too.
            extra: bytes of further results that are kept, such as statistics of rows.
            view_of: the tensor of whose memory the result is a view.
        """
        node = None
        edges = [one.node if isinstance(one, Tensor) else one if one.trained else None for one in inputs]
        for edge in edges:
            if edge is not None:
                node = Node(edges, backward, self.place)
                break
        if node is not None and saves:
            self._keep(node, saves)
        storage = view_of.storage if view_of is not None else self.new(values, item)
        out = Tensor(storage, values, item, node)
        if node is not None:
            if keeps_output:
                self._keep(node, (Tensor(storage, values, item, None),))
            for size in extra:
                self._keep(node, (Tensor(self.new(size, 1), size, 1, None),))
            if not self.recomputing:
                self.nodes.append(node)
        return out

    def _keep(self, node: Node, saved: tuple[Saved, ...]) -> None:
        frame = self.frame
        if frame is not None and not self.recomputing:
            start = node.kept.start if isinstance(node.kept, slice) else frame.count
            frame.count += len(saved)
            node.kept, node.frame = slice(start, frame.count), frame
            return
        if self.recomputing:
            assert frame is not None
            assert frame.found is not None
            assert isinstance(node.kept, list)
            for one in saved:
                held = _detached(one)
                node.kept.append(held)
                frame.found.append(held)
                if len(frame.found) == frame.count:
                    raise _StopRecomputing
        else:
            assert isinstance(node.kept, list)
            node.kept.extend(_detached(one) for one in saved)

    def checkpoint(self, run: Callable[[Tensor], Tensor], given: Tensor) -> Tensor:
        """Run a part of which only the input is kept (arXiv:1604.06174), as torch's non-reentrant checkpoint does."""
        self.frame = Frame(run, given)
        try:
            return run(given)
        finally:
            self.frame = None

    def _again(self, frame: Frame) -> list[Saved]:
        if frame.found is None:
            frame.found = []
            self.frame, self.recomputing = frame, True
            outer, self.casts = self.casts, {}
            try:
                frame.run(Tensor(frame.given.storage, frame.given.values, frame.given.item, frame.given.node))
            except _StopRecomputing:
                pass
            finally:
                self.frame, self.recomputing = None, False
                self.casts = outer
        return frame.found

    def backward_marked(self, out: Tensor) -> dict[int, tuple[complex, ...]]:
        """Go back through the graph, latest node first; what a node kept is let go when it is done.

        Returns:
            what lives when all nodes at a place and behind it are done.
        """
        assert isinstance(out.node, Node)
        self.note()
        self.phase = "backward"
        out.node.grad = self.new(0j, 4)
        marks: dict[int, tuple[complex, ...]] = {}
        while self.nodes:
            node = self.nodes.pop()
            if node.grad is not None:
                self.place = node.place
                self._step(node)
                del node
                marks[self.place] = tuple(self.live)
        return marks

    def _step(self, node: Node) -> None:
        grad, node.grad = node.grad, None
        assert grad is not None
        kept: Sequence[Saved]
        if isinstance(node.kept, slice):
            assert node.frame is not None
            found = self._again(node.frame)
            kept = found[node.kept]
            found[node.kept] = [None] * len(kept)
        else:
            kept = node.kept
            node.kept = []
        grads = list(node.backward(grad, kept))
        del kept
        for edge in reversed(node.inputs):
            made = grads.pop()
            if edge is not None and made is not None:
                self._accumulate(edge, made)
        node.frame = None

    def _accumulate(self, edge: Node | Leaf, made: Storage) -> None:
        """Gradients that meet are added into the one that is there; the first is taken as it is."""
        if edge.grad is None:
            edge.grad = made
            if isinstance(edge, Leaf) and made.group != Group.GRADIENTS:
                self.live[made.group] -= made.size
                self.live[Group.GRADIENTS] += made.size
                made.group = Group.GRADIENTS

    @contextmanager
    def within(self, group: int) -> Iterator[None]:
        """What is allocated inside counts to this group."""
        before, self.group = self.group, group
        try:
            yield
        finally:
            self.group = before

    @contextmanager
    def at(self, place: int) -> Iterator[None]:
        """Operations inside stand at this place of the model."""
        before, self.place = self.place, place
        try:
            yield
        finally:
            self.place = before


def _detached(one: Saved) -> Saved:
    """What is kept holds memory and no graph."""
    return Tensor(one.storage, one.values, one.item, None) if isinstance(one, Tensor) else one
