"""Write the notice file of a manifest: each model, its licence and notice, and the texts that may be shipped.

Exit code 0 says that every licence is known, 3 that one is not; what a person has to add is listed on standard error.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from checker.commands import _values
from checker.console import Console
from checker.document.errors import InputError, visible
from checker.document.read import read
from checker.document.write import replace_file
from checker.exit_code import ExitCode
from checker.facts.catalogue import Catalogue
from checker.facts.dossier import Dossier
from checker.facts.fact import Unknown
from checker.gather import gather
from checker.licenses.ancestry import Link, links
from checker.licenses.declared import declared
from checker.licenses.identify import Identified, identify
from checker.licenses.license import License
from checker.licenses.notice_file import Licensed, render, to_fill_in
from checker.licenses.registry import AllOf, AnyOf, Resolution, Resolved
from checker.manifest.load import load
from checker.manifest.model import Access, ModelEntry
from checker.manifest.project import project_name, repository_root
from checker.pins import manifest_in


def configure(parser: ArgumentParser) -> None:
    """Add the options of `license notices`."""
    parser.add_argument(
        "manifest",
        nargs="?",
        default=".",
        type=_values.path,
        metavar="MANIFEST",
        help="the file or its folder; default: .",
    )
    parser.add_argument(
        "-o", "--output", type=_values.path, metavar="FILE", help="write it there; default: standard output"
    )
    parser.add_argument(
        "--texts", type=_values.path, metavar="DIR", help="a folder with licence texts to put in, told by what they say"
    )


def run(args: Namespace, console: Console) -> int:
    """Gather what is known of each model that is run here, and write the file."""
    path = manifest_in(Path(args.manifest))
    manifest = load(read(path, path.as_posix()))
    root = repository_root(path.parent) or path.parent
    catalogue = Catalogue()
    models = []
    for entry in manifest.models:
        if entry.access.value is Access.API:
            continue  # its provider passes nothing on
        dossier = gather(entry, path.parent, root, catalogue)
        models.append(_licensed(entry, dossier, entry.display_name))
        if dossier.weights is not None:
            models.append(_licensed(entry.as_loaded_weights(), dossier.weights, f"{entry.display_name} (weights)"))
    texts = _texts_in(Path(args.texts)) if args.texts else {}
    text = render(manifest.project.value if manifest.project else project_name(root), models, texts)
    if args.output:
        replace_file(Path(args.output), text)
    else:
        console.out.write(text)
    console.err.writelines(f"to fill in: {visible(one)}\n" for one in to_fill_in(models, texts))
    return ExitCode.UNKNOWN if any(one.unknown for one in models) else ExitCode.OK


def _texts_in(folder: Path) -> dict[str, str]:
    """The files of a folder that are exactly one licence each, by licence; any other file is passed over.

    Raises:
        InputError: there is no such folder.
    """
    if not folder.is_dir():
        raise InputError.one("there is no such folder", expected="a folder with licence texts", file=str(folder))
    found: dict[str, str] = {}
    for path in sorted(child for child in folder.iterdir() if child.is_file()):
        try:
            text = read(path).text
        except InputError:
            continue  # no text: a picture, an archive
        told = identify(text)
        if isinstance(told, Identified):
            found.setdefault(told.license, text)
    return found


def _licensed(entry: ModelEntry, dossier: Dossier, name: str) -> Licensed:
    facts = dossier.facts
    stated = declared(facts)
    own = () if isinstance(stated, Unknown) else _texts(stated.resolution)
    ancestors = [link for link in links(facts, dossier.lineage) if isinstance(link, Link)]
    texts = {text.id: text for text in (*own, *(link.license for link in ancestors))}
    return Licensed(
        name=name,
        model=facts.model,
        revision=entry.revision.value if entry.revision else "",
        licenses=tuple(texts.values()) if own else (),
        made_from=tuple(dict.fromkeys(link.way for link in ancestors)),
        is_changed=entry.fine_tuning is not None,
        unknown="" if own else stated.reason if isinstance(stated, Unknown) else stated.problem,
    )


def _texts(found: Resolution) -> tuple[License, ...]:
    """The licences that a model is passed on under: of a choice the first, since one is enough."""
    match found:
        case Resolved(text):
            return (text,)
        case AnyOf(choices=choices):
            return next((texts for one in choices if (texts := _texts(one))), ())
        case AllOf(parts=parts):
            each = [_texts(one) for one in parts]
            return tuple(text for texts in each for text in texts) if all(each) else ()
        case _:
            return ()
