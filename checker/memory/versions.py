"""What a free text says of a runtime's version: a release, or signs of the time it comes from."""

import re

from checker.value import NamedTuple


class Version(NamedTuple):
    """A release of a runtime, and what else the text says."""

    release: tuple[int, int] | None
    """Major and minor number; None: the current behaviour."""
    eager: bool = False
    """Whether attention is said, or by its time known, to write its scores out."""
    note: str = ""
    """What was read into the text; empty where it was plain or empty."""
    words: str = ""
    """The text itself, in small letters, for settings that a runtime knows (`n_ubatch=2048`)."""

    def before(self, major: int, minor: int) -> bool:
        """Whether it is older than that release; not where it is not known."""
        return self.release is not None and self.release < (major, minor)


_RELEASE = re.compile(r"(?<![\d.])v?(\d{1,3})\.(\d{1,3})(?:\.\w+)*")
_NAMED = re.compile(r"([a-z][a-z_-]*)[ =v-]*(\d{1,4}\.\d{1,3})", re.IGNORECASE)
_LONGEST = 300
"""Characters that are looked at: what is longer states no version."""
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_LLAMA_CPP = ("ik_llama", "ubatch", "-ub ", "flash_attn off", "n_outputs_max")
"""Settings of llama.cpp that logs state, and a fork that differs."""
_OF_TORCH = {(2, 0): (4, 33), (2, 1): (4, 38), (2, 2): (4, 40), (2, 3): (4, 43), (2, 4): (4, 45)}
"""Releases of transformers from the time in which a release of PyTorch was the newest."""
_OF_YEAR = {2022: (4, 25), 2023: (4, 35), 2024: (4, 46)}
"""The release of transformers at the end of a year."""


def version_of(text: str, name: str) -> Version:
    """The version that `text` means for the runtime `name`.

    `4.38.2`, `transformers 4.38.2`, `v0.7.3` are releases. For transformers a year, or a release of PyTorch, stands for
    the release of that time; FlashAttention that is named means that scores are not written out, `eager` that they are;
    before 4.36 they are, for no fused kernel was chosen by itself. Builds of llama.cpp are not followed; settings that
    its logs state are read. A text that says none of this is listed.
    """
    lowered = text.strip()[:_LONGEST].casefold()
    if not lowered:
        return Version(None)
    if name == "llama.cpp":
        known = any(word in lowered for word in _LLAMA_CPP)
        note = "" if known else f"runtime_version `{text}` is not understood; the current behaviour is taken"
        return Version(None, "flash_attn off" in lowered, note, lowered)
    flash = "flash" in lowered or "fa2" in lowered or "sdpa" in lowered
    named = {word.rstrip("-_ "): number for word, number in _NAMED.findall(lowered)}
    own = named.get(name) or named.get("version") or named.get("v")
    plain = _RELEASE.fullmatch(lowered)
    release, note = None, ""
    if plain:
        release = (int(plain[1]), int(plain[2]))
    elif own:
        major, _, minor = own.partition(".")
        release = (int(major), int(minor))
    elif name == "transformers":
        release, note = _by_time(lowered, named)
    if release is None and not flash and "eager" not in lowered:
        return Version(None, note=f"runtime_version `{text}` is not understood; the current behaviour is taken")
    eager = "eager" in lowered or (name == "transformers" and not flash and release is not None and release < (4, 36))
    return Version(release, eager, note, lowered)


def _by_time(text: str, named: dict[str, str]) -> tuple[tuple[int, int] | None, str]:
    if torch := named.get("torch") or named.get("pytorch"):
        major, _, minor = torch.partition(".")
        release = _OF_TORCH.get((int(major), int(minor)))
        if release:
            return release, f"PyTorch {torch} is taken for transformers {release[0]}.{release[1]}, of the same time"
    if year := _YEAR.search(text):
        release = _OF_YEAR.get(int(year[1]))
        if release:
            return release, f"{year[1]} is taken for transformers {release[0]}.{release[1]}"
    return None, ""
