"""From the name of a policy to the resolved policy: the file, what it extends, and the project's layer."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from checker.document.errors import InputError
from checker.document.place import At, Place, SourceFile
from checker.document.read import read
from checker.policy.digest import digest
from checker.policy.extends import MAX_DEPTH, PACK_PREFIX, REMOTE_PREFIX, file_named, local_path, pack_path
from checker.policy.file import OrganisationFile, read_organisation, read_project
from checker.policy.licensee import narrowed, together
from checker.policy.policy import ChosenBy, Layer, Policy, Rank
from checker.policy.resolve import State, apply, resolved, tightest
from checker.policy.stated import StatedRule
from checker.rulebook.discover import load_rule
from checker.rulebook.licensee import NothingSaid, Providers
from checker.rulebook.schedule import Enforcement, Schedule
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.facts.locked.held import HeldLock
    from checker.policy.waivers import Terms
    from checker.rulebook.opinions import Opinion
    from checker.rulebook.organisation import Organisation

PROJECT_FILE = "weighbridge-policy.yaml"


class Choice(NamedTuple):
    """Which policy the organisation's is, and who said so."""

    reference: str
    """`weighbridge:NAME` or a path, relative to the current folder."""
    chosen_by: ChosenBy


class _Above(NamedTuple):
    """What a file and everything that it extends ask for."""

    state: State
    layers: tuple[Layer, ...]
    organisation: "Organisation | NothingSaid"
    providers: Providers
    waivers: "Terms | None"
    facts: "tuple[HeldLock, ...]"
    opinions: "tuple[Opinion, ...]"


def load(choice: Choice, project_file: Path | None) -> Policy:
    """The organisation's policy with the project's layer on top.

    Args:
        choice: the organisation's policy.
        project_file: the project's `weighbridge-policy.yaml`; None where the project has none.

    Raises:
        InputError: a file cannot be used, a layer weakens another, or the policy is empty.
    """
    head, above = _organisation(choice)
    rules = resolved(above.state)
    name, version = head.policy.value, head.version.value
    also = (above.organisation, above.providers, above.waivers, above.facts, above.opinions)
    sha256 = digest(name, version, rules, *also)
    layers, project_sha256 = above.layers, None
    if project_file is not None:
        shown = project_file.as_posix()
        layer = Layer(Rank.PROJECT, shown)
        rules = resolved(apply(above.state, layer, read_project(read(project_file, shown))))
        layers = (*layers, layer)
        project_sha256 = digest(name, version, rules, *also)
    return Policy(
        name=name,
        version=version,
        sha256=sha256,
        project_sha256=project_sha256,
        chosen_by=choice.chosen_by,
        layers=layers,
        rules=rules,
        organisation=above.organisation,
        providers=above.providers,
        waivers=above.waivers,
        facts=above.facts,
        opinions=above.opinions,
    )


def _organisation(choice: Choice) -> tuple[OrganisationFile, _Above]:
    if choice.reference.startswith(PACK_PREFIX):
        path, rank, shown = pack_path(choice.reference), Rank.PACK, choice.reference
    else:
        path = file_named(choice.reference)
        rank, shown = Rank.ORGANISATION, path.as_posix()
    head, stated = read_organisation(_named(path, shown, choice.chosen_by))
    return head, _with_extended(head, stated, Layer(rank, shown), path, path.parent, (path.resolve(),))


def _named(path: Path, shown: str, chosen_by: ChosenBy) -> SourceFile:
    """The file that somebody named; where that was not on this command line, an error says who it was."""
    try:
        return read(path, shown)
    except InputError as error:
        if chosen_by not in (ChosenBy.ENVIRONMENT, ChosenBy.PROJECT):
            raise
        hint = f"{chosen_by} names it"
        raise InputError(tuple(problem._replace(hint=hint) for problem in error.problems)) from error


def _with_extended(
    head: OrganisationFile,
    stated: dict[str, StatedRule],
    layer: Layer,
    path: Path,
    tree: Path,
    chain: tuple[Path, ...],
) -> _Above:
    """What a file asks for on top of everything that it extends."""
    extended = [_extended(reference, path, tree, chain) for reference in head.extends]
    state = tightest([above.state for above in extended])
    if head.require:
        stated = {**stated, "required-blocks": _required(head, stated)}
    state = apply(state, layer, stated)
    above_layers = tuple(dict.fromkeys(layer for above in extended for layer in above.layers))
    accepted = head.api.providers if head.api else ()
    own = Providers(tuple(name.value for name in accepted) if head.api else None)
    return _Above(
        state=state,
        layers=(*above_layers, layer),
        organisation=together((head.organisation or NothingSaid(), *(above.organisation for above in extended))),
        providers=narrowed((above.providers for above in extended), own, accepted),
        waivers=_waivers(head, path.parent, layer, tuple(above.waivers for above in extended)),
        facts=(*_facts(head, path, tree), *(lock for above in extended for lock in above.facts)),
        opinions=(*head.opinions, *(opinion for above in extended for opinion in above.opinions)),
    )


def _waivers(
    head: OrganisationFile, folder: Path, layer: Layer, extended: "tuple[Terms | None, ...]"
) -> "Terms | None":
    """Which waivers count; where no file says anything of them, what would read it is not even loaded."""
    if head.waivers is None and not any(extended):
        return None
    from checker.policy.waivers import resolved_terms, together

    above = together(extended)
    return resolved_terms(head.waivers, folder, layer.name, above) if head.waivers else above


def _facts(head: OrganisationFile, path: Path, tree: Path) -> "Iterator[HeldLock]":
    """The lock that a file names under `facts:`."""
    if head.facts is None:
        return
    from checker.facts.locked.held import hold

    target = local_path(head.facts, path.parent, tree)
    try:
        yield hold(target, _shown(target, tree))
    except InputError as error:
        missing = tuple(problem if problem.at else problem._replace(at=head.facts.at) for problem in error.problems)
        raise InputError(missing) from error


def _extended(reference: At[str], path: Path, tree: Path, chain: tuple[Path, ...]) -> _Above:
    """One `extends` entry with everything above it; `chain` holds the files that lead here."""
    if reference.value.startswith(REMOTE_PREFIX):
        return _remote(reference, tree, chain)
    if reference.value.startswith(PACK_PREFIX):
        target, layer = pack_path(reference.value, reference), Layer(Rank.PACK, reference.value)
    else:
        target = local_path(reference, path.parent, tree)
        layer = Layer(Rank.ORGANISATION, _shown(target, tree))
    _refuse_chain(reference, target.resolve(), chain)
    try:
        source = read(target, layer.name)
    except InputError as error:
        unreadable = tuple(problem._replace(at=reference.at) for problem in error.problems)
        raise InputError(unreadable) from error
    head, stated = read_organisation(source)
    return _with_extended(head, stated, layer, target, tree, (*chain, target.resolve()))


def _remote(reference: At[str], tree: Path, chain: tuple[Path, ...]) -> _Above:
    """A layer on another host, from its vendored copy; nothing in it leads to files of this machine."""
    from checker.policy.remote import parse_remote, read_vendored

    remote = parse_remote(reference)
    target = (tree / remote.copy).resolve()
    _refuse_chain(reference, target, chain)
    head, stated = read_organisation(read_vendored(remote, tree, reference))
    if head.waivers is not None and head.waivers.reads_beside:
        raise InputError.one(
            "a policy that was fetched from another host names waivers beside itself",
            expected="`from: project`, or `waivers:` in the policy that extends it",
            at=head.waivers.at,
        )
    for line in (*head.extends, *((head.facts,) if head.facts else ())):
        if not line.value.startswith((PACK_PREFIX, REMOTE_PREFIX)):
            raise InputError.one(
                f"`{line.value}` is a path in a policy that was fetched from another host",
                expected="a shipped pack, or a layer on another host with its commit and digest",
                at=line.at,
            )
    layer = Layer(Rank.ORGANISATION, reference.value)
    return _with_extended(head, stated, layer, target, tree, (*chain, target))


def _refuse_chain(reference: At[str], target: Path, chain: tuple[Path, ...]) -> None:
    if target in chain:
        raise InputError.one(
            f"`{reference.value}` extends a file that leads back to it",
            expected="extends without a circle",
            at=reference.at,
        )
    if len(chain) > MAX_DEPTH:
        raise InputError.one(
            f"`{reference.value}` is extended through more than {MAX_DEPTH} files",
            expected="a shorter chain",
            at=reference.at,
        )


def _shown(target: Path, tree: Path) -> str:
    return (tree / target.relative_to(tree.resolve())).as_posix()


def _required(head: OrganisationFile, stated: dict[str, StatedRule]) -> StatedRule:
    """`require:` is the rule `required-blocks` at its hardest, unless the file itself sets that rule's level."""
    at: Place = head.require[0].at
    blocks = tuple(required.value for required in head.require)
    own = stated.get("required-blocks")
    more = tuple(getattr(own.settings, "blocks", ())) if own and own.settings else ()
    settings = load_rule("required-blocks").settings.model_construct(blocks=tuple(dict.fromkeys((*blocks, *more))))
    always = At(Schedule.always(Enforcement.HARD_MANDATORY), at)
    return StatedRule(at, own.schedule if own and own.schedule else always, settings, {"blocks": at})
