"""The usual spellings of a GPU's name, read as what tells products apart.

Makers, programs and people write one product in many ways: `4090`, `RTX4090`, `NVIDIA GeForce RTX 4090`, `rtx-4090`.
A name is read word by word, without patterns: a check that names a GPU would pay for compiling them.
"""

from __future__ import annotations

from itertools import groupby

from checker.value import NamedTuple

LONGEST = 160
"""Characters of a spelling that are read."""


class Key(NamedTuple):
    """What a spelling says of the product."""

    core: str
    """The model, run together: `4070tisuper`, `a100`, `m3max`, `mi300x`."""
    laptop: bool
    """Whether it is the part for laptops, which is another product under the same number."""
    family: frozenset[str]
    """Words that may be left out where the rest is clear: `quadro`, `ada`, `pro`."""
    size: int | None
    """Memory in GB, where it is said."""
    vendors: frozenset[str]
    """The maker, where it is said; two where the spelling contradicts itself."""


def key(spelling: str) -> Key:
    """What a spelling says, whatever its punctuation, case and order of family words."""
    words = _words(spelling)
    size, words = _without_size(words)
    core: list[str] = []
    family: set[str] = set()
    vendors: set[str] = set()
    laptop = False
    for word in words:
        if word in _NOISE:
            continue
        for piece in _pieces(word):
            if piece in _VENDORS:
                vendors.add(_VENDORS[piece])
            if piece == "rtx" and "titan" in words:
                core.append(piece)
            elif piece in _LAPTOP and _may_be_laptop(piece, core):
                laptop = True
            elif piece in _FAMILY and not _is_apple("".join(core)):
                family.add(piece)
            elif piece not in _NOISE and piece not in _VENDORS:
                core.append(_SHORT.get(piece, piece) if core and core[0].isdigit() else piece)
    if "maxq" in core:
        # A card for workstations is sold under this name too, with the memory of its siblings.
        laptop = laptop or "pro" not in family
        core = [piece for piece in core if piece != "maxq"]
    return Key("".join(core), laptop, frozenset(family), size, frozenset(vendors))


def _words(spelling: str) -> list[str]:
    """Runs of letters and digits, in lower case."""
    folded = spelling[:LONGEST].casefold().partition("(uuid")[0]
    if folded.startswith("gpu ") and ":" in folded:
        folded = folded.partition(":")[2]  # a line of `nvidia-smi -L`
    words = "".join(character if character.isalnum() else " " for character in folded).split()
    for index in range(len(words) - 1, 0, -1):
        pair = words[index - 1 : index + 1]
        if pair == ["max", "q"]:
            words[index - 1 : index + 1] = ["maxq"]
        elif pair in (["macbook", "pro"], ["mac", "pro"]):
            del words[index]  # the computer, not the chip
    return words


def _without_size(words: list[str]) -> tuple[int | None, list[str]]:
    """The first amount of memory among the words (`80gb`, `80 GB`, `144g`), and the other words."""
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        digits = word.rstrip("gib")
        if digits != word and _is_amount(digits) and word[len(digits) :] in _GIGABYTES:
            return int(digits), words[:index] + words[index + 1 :]
        if following in _GIGABYTES and _is_amount(word):
            return int(word), words[:index] + words[index + 2 :]
    return None, words


def _is_amount(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3


def _pieces(word: str) -> list[str]:
    """A word's runs of letters and of digits, without what says nothing: `rtx4090ti` is `4090` and `ti`."""
    pieces: list[str] = []
    for is_number, characters in groupby(word, str.isdigit):
        piece = "".join(characters)
        if not is_number:
            while start := next((start for start in _GLUED if piece.startswith(start) and piece != start), None):
                pieces.append(start)
                piece = piece[len(start) :]
            if piece in _CONNECTORS:
                break  # the version that follows, as in SXM4 or HBM3e, says nothing about memory
        pieces.append(piece)
    return pieces


def _may_be_laptop(piece: str, core: list[str]) -> bool:
    """`m` means a laptop behind the number of a card only: an M40 is none."""
    return piece != "m" or bool(core and core[0].isdigit())


def _is_apple(core: str) -> bool:
    """`M3 Pro` is a chip of its own, not a family of the M3."""
    return len(core) == 2 and core[0] == "m" and core[1].isdigit()


_GIGABYTES = frozenset(("gb", "gib", "g"))
_LAPTOP = frozenset(("laptop", "mobile", "notebook", "m"))
_SHORT = {"s": "super", "tis": "tisuper"}
"""What is written short behind a card's number."""
_FAMILY = frozenset(("quadro", "ada", "pro", "blackwell", "ai", "jetson", "agx"))
_VENDORS = {
    **dict.fromkeys(("nvidia", "geforce", "tesla", "quadro", "jetson", "gtx", "rtx"), "NVIDIA"),
    **dict.fromkeys(("amd", "ati", "radeon", "instinct", "ryzen", "rx"), "AMD"),
    **dict.fromkeys(("intel", "arc"), "Intel"),
    **dict.fromkeys(("apple", "mac", "macbook", "imac"), "Apple"),
}
_CONNECTORS = frozenset(("sxm", "pcie", "pci", "oam", "hbm", "gddr", "lpddr", "gen"))
"""What is followed by a version."""
_NOISE = _CONNECTORS | {
    # what it is
    "gpu",
    "gpus",
    "graphics",
    "card",
    "accelerator",
    "tensor",
    "core",
    "memory",
    "vram",
    "unified",
    "data",
    "center",
    # how it is built
    "generation",
    "edition",
    "workstation",
    "server",
    "active",
    "passive",
    "dual",
    "slot",
    "sff",
    "with",
    "design",
    "r",
    "tm",
    "hgx",
    "dgx",
    "vf",
    "ac",
    # where it is rented
    "ml",
    "xlarge",
    "2xlarge",
    "4xlarge",
    "8xlarge",
    "12xlarge",
    "16xlarge",
    "24xlarge",
    "48xlarge",
    # the computer around it
    "air",
    "mini",
    "studio",
}
_GLUED = ("geforce", "nvidia", "quadro", "tesla", "radeon", "apple", "arc", "rtx", "gtx", "rx", "pro")
"""Beginnings that are written without a space before what follows."""
