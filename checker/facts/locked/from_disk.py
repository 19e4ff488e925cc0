"""Resolves a model without any network: from a folder with its files, or from the Hub's local cache at a commit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from checker.document.errors import InputError
from checker.document.inside import leads_out
from checker.facts.folder import Found, find_in, weight_formats
from checker.facts.gguf import Header, NotGgufError, read_header
from checker.facts.locked.entry import LockedFile
from checker.facts.locked.resolve import MAX_LICENSE, Entered, Resolved, enter, is_license_file
from checker.facts.safetensors import NotSafetensorsError, added, loaded, read_elements

if TYPE_CHECKING:
    from huggingface_hub import CachedRevisionInfo

Identify: TypeAlias = Callable[[str], str | None]
"""The id of the licence that a text is known to be; None where it is none of those."""
Progress: TypeAlias = Callable[[str, int, int], None]
"""Told of each file that is hashed: its path, the bytes read so far and its size in bytes."""

_SMALL = 10 * 1024 * 1024
"""Bytes up to which a file that holds no weights is read for its git blob id."""
_CHUNK = 1 << 22
"""Bytes that are read and hashed at once."""
_COMMIT = re.compile("[0-9a-f]{40}")


def entry_from_folder(
    path: Path,
    *,
    model: str,
    revision: str | None,
    commit: str | None,
    at: str,
    hash_weights: bool = False,
    progress: Progress = lambda path, done, size: None,
    identify: Identify = lambda text: None,
) -> Entered:
    """The lock's entry for a model whose files lie in a folder; one without weights is fine.

    Args:
        path: the folder. A snapshot of the Hub's cache may hold links to the blobs beside it; no other link out of the
            folder is followed.
        model: the id as the manifest writes it.
        revision: as the manifest writes it; None where it names none.
        commit: the commit that the files are of, where somebody knows it.
        at: the time in UTC, `2026-11-28T17:05:00Z`.
        hash_weights: whether files of weights are read whole for their SHA-256.
        progress: told of each file that is hashed.
        identify: names the licence that a text is.

    Raises:
        InputError: there is no such folder, a configuration in it cannot be read, or the header of its weights.
    """
    snapshot = path.parent.name == "snapshots"
    tree = path.parent.parent if snapshot else path
    shown = path.as_posix()
    if not path.is_dir():
        raise InputError.one("there is no such folder", expected="a folder with a model", file=shown)
    found = find_in(path, shown, tree)
    resolved = Resolved(
        model=model,
        revision=revision,
        commit=commit,
        resolved_at=at,
        resolved_from="folder",
        found=found,
        files=tuple(_files(path, found, progress if hash_weights else None)),
        elements=_elements(path, found),
        gguf=_gguf(path, found),
        licenses=_licenses(path, found, tree),
    )
    return enter(resolved, identify)


def entry_from_cache(
    cache: Path,
    *,
    model: str,
    revision: str | None,
    at: str,
    identify: Identify = lambda text: None,
) -> Entered | None:
    """The lock's entry for a model in the Hub's local cache; None where the cache has no such model at that revision.

    Args:
        cache: the folder of the cache, as `HF_HUB_CACHE` names it.
        model: the id as the manifest writes it.
        revision: a commit, or a branch or tag that the cache saw; None stands for `main`.
        at: the time in UTC, `2026-11-28T17:05:00Z`.
        identify: names the licence that a text is.

    Raises:
        InputError: the cache cannot be read, or a configuration in it.
    """
    held = _in_cache(cache, model, revision or "main")
    if held is None or not _COMMIT.fullmatch(held.commit_hash):
        return None
    found = find_in(held.snapshot_path, model, cache)._replace(name=model, hub_id=model)
    files = [
        _by_blob(file.file_path.relative_to(held.snapshot_path).as_posix(), file.size_on_disk, file.blob_path.name)
        for file in held.files
    ]
    resolved = Resolved(
        model=model,
        revision=revision,
        commit=held.commit_hash,
        resolved_at=at,
        resolved_from="cache",
        found=found,
        files=tuple(files),
        elements=_elements(held.snapshot_path, found),
        gguf=_gguf(held.snapshot_path, found),
        licenses=_licenses(held.snapshot_path, found, cache),
        listed=False,
        notes=(f"the local cache held {len(files)} files of this commit; others were not seen",),
    )
    return enter(resolved, identify)


def _in_cache(cache: Path, model: str, wanted: str) -> CachedRevisionInfo | None:
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        scanned = scan_cache_dir(cache)
    except (CacheNotFound, ValueError):
        return None
    except OSError as error:
        sentence = f"the cache cannot be read ({error.strerror})"
        raise InputError.one(sentence, expected="a folder", file=cache.as_posix()) from error
    repository = next((one for one in scanned.repos if one.repo_type == "model" and one.repo_id == model), None)
    revisions = repository.revisions if repository else ()
    return next((one for one in revisions if wanted in (one.commit_hash, *one.refs)), None)


def _by_blob(path: str, size: int, blob: str) -> LockedFile:
    """A cached file; the cache names its blobs by SHA-256 (large files) or by git blob id."""
    sha256 = blob if len(blob) == 64 else None
    return LockedFile(path, size, sha256=sha256, blob=blob if _COMMIT.fullmatch(blob) else None)


def _files(folder: Path, found: Found, progress: Progress | None) -> Iterator[LockedFile]:
    """All files with their sizes; small ones with their git blob id, weights with their SHA-256 where asked for."""
    for name in sorted(name for name in found.names if (folder / name).is_file()):
        file = folder / name
        size = file.stat().st_size
        if size <= _SMALL and not weight_formats(frozenset((name,))):
            content = file.read_bytes()
            blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
            yield LockedFile(name, size, blob=blob)
        else:
            yield LockedFile(name, size, sha256=None if progress is None else _sha256(file, name, size, progress))


def _sha256(file: Path, name: str, size: int, progress: Progress) -> str:
    total, done = hashlib.sha256(), 0
    with open(file, "rb") as stream:
        while chunk := stream.read(_CHUNK):
            total.update(chunk)
            done += len(chunk)
            progress(name, done, size)
    return total.hexdigest()


def _elements(folder: Path, found: Found) -> dict[str, int] | None:
    names = [name for name in loaded(found.names) if (folder / name).is_file()]
    if not names:
        return None
    try:
        return added(read_elements(folder / name) for name in names)
    except (NotSafetensorsError, OSError) as error:
        raise _unreadable("safetensors", folder, error) from error


def _gguf(folder: Path, found: Found) -> dict[str, Header]:
    headers = {}
    for name in sorted(found.names):
        if name.endswith(".gguf") and "/" not in name and (folder / name).is_file():
            try:
                headers[name] = read_header(folder / name)
            except (NotGgufError, OSError) as error:
                raise _unreadable(name, folder, error) from error
    return headers


def _unreadable(what: str, folder: Path, error: Exception) -> InputError:
    return InputError.one(
        f"the header of {what} cannot be read: {error}",
        expected="weights as their library writes them",
        file=folder.as_posix(),
    )


def _licenses(folder: Path, found: Found, tree: Path) -> dict[str, bytes]:
    texts = {}
    for name in sorted(found.names):
        file = folder / name
        inside = is_license_file(name) and not leads_out(file, tree)
        if inside and file.is_file() and file.stat().st_size <= MAX_LICENSE:
            texts[name] = file.read_bytes()
    return texts
