"""Judge many projects at once and make one inventory: models, findings by owner, waivers, duties, unknowns.

Exit code, over all projects: 70 for a bug, 2 where a project cannot be used, 1 for a blocking finding, 3 where a
blocking rule could not be evaluated or a sampled run not judged again, else 0. One project that cannot be judged never
stops the others.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from checker.commands import _gate, _workers
from checker.commands._progress import shown
from checker.commands._targets import output, refuse_two_in_one
from checker.commands._values import as_path, days, number, path
from checker.console import Console
from checker.document.errors import InputError
from checker.document.write import replace_file
from checker.fleet.form import Form, formats, load
from checker.fleet.inventory import Inventory
from checker.fleet.record import Records
from checker.request import Request

if TYPE_CHECKING:
    from checker.fleet.period import Asked
    from checker.fleet.spool import Spool

EXAMPLES = """\
examples:
  weighbridge audit ~/src                             every repository below a folder
  weighbridge audit ~/src --output html=audit         pages to read, one for each project and each model
  weighbridge audit ~/src --output json=audit.json --output csv=tables
  weighbridge audit ~/src --store .audit              keep results: what is unchanged is not judged again
  weighbridge audit ~/src --forecast 180d             what turns red by itself
  weighbridge audit ~/src --history                   since when each manifest is out of line
  weighbridge audit ~/src --records evidence --period 2026-07-01..2026-09-30 --expected repos.txt --sample 25 --seed 7
"""


def configure(parser: ArgumentParser) -> None:
    """Add the options of `audit`."""
    parser.add_argument("roots", nargs="+", type=path, metavar="ROOT", help="folders of repositories, or repositories")
    _gate.configure(parser)
    parser.add_argument(
        "--output",
        action="append",
        type=output(formats, "target"),
        metavar="FORMAT[=TARGET]",
        help=f"one of {', '.join(formats())}; repeatable; default: text",
    )
    parser.add_argument("--store", type=as_path, metavar="DIR", help="keep each result here, and take what is the same")
    parser.add_argument(
        "--forecast", type=days, metavar="DAYS", help="list what turns red by itself within that time, such as 180d"
    )
    parser.add_argument(
        "--history", action="store_true", help="judge every commit that changed a manifest, its lock or its policy"
    )
    evidence = parser.add_argument_group("what `check --record` left behind")
    evidence.add_argument("--records", type=as_path, metavar="DIR", help="the folder of journals")
    evidence.add_argument(
        "--period", type=_period, metavar="A..B", help="its days, both included: 2026-07-01..2026-09-30"
    )
    evidence.add_argument(
        "--expected", type=as_path, metavar="FILE", help="the repositories that should have run, a line each"
    )
    evidence.add_argument(
        "--sample", type=number(least=0), default=0, metavar="N", help="an evidence sheet for N runs of it"
    )
    evidence.add_argument("--seed", type=number(least=0), metavar="N", help="which runs: the same seed takes the same")
    parser.add_argument("--exit-zero", action="store_true", help="report only: blocking findings end with 0")
    _workers.configure(parser)
    parser.add_argument("--ignore-waivers", action="store_true", help="judge as if nothing were excepted")


def run(args: Namespace, console: Console) -> int:
    """Judge, write every output, and return the gate's code for all projects together."""
    from checker import applying
    from checker.fleet.closing import closing, exit_code
    from checker.fleet.find import projects, refuse_empty, refuse_inside
    from checker.fleet.spool import Spool

    outputs = _outputs(args)
    request = _request(args, console)
    applying.refuse_unusable_policy(request)
    if args.records is None:  # journals are read of repositories that are not at hand, too
        refuse_empty(map(Path, args.roots))
    found = projects(map(Path, args.roots))
    if args.store is not None:
        refuse_inside(args.store, map(Path, args.roots), found)
    with Spool() as spool:
        inventory = _audited(args, request, found, spool, console)
        for form, target in outputs:
            _write(form, target, inventory, spool.records, console)
    if not any(form.name == "text" and target is None for form, target in outputs):
        console.err.write(f"{closing(inventory)}\n")
    return int(exit_code(inventory))


def _audited(args: Namespace, request: Request, found: tuple[Path, ...], spool: Spool, console: Console) -> Inventory:
    from checker.fleet.gathered import Gathered
    from checker.fleet.header import allow_lists, header
    from checker.fleet.look import Look
    from checker.fleet.run import BATCH, Wanted, audit

    asked = _asked(args)
    wanted = Wanted(request, Look(args.forecast, args.history, asked is not None), args.store, _workers.new_run())
    gathered = Gathered()
    with _workers.opened(args, -(-len(found) // BATCH)) as workers:
        for done in shown(audit(found, wanted, workers.executor, workers.at_once), len(found), "projects", console):
            spool.put(done.record)
            gathered.add(done)
    inventory = gathered.inventory(header(request), allow_lists(request))
    if asked is None:
        return inventory
    from checker.fleet.period import period

    return inventory.model_copy(update={"period": period(asked, found, request)})


def _write(form: Form, target: str | None, inventory: Inventory, records: Records, console: Console) -> None:
    if form.write is not None:
        assert target is not None  # `_outputs` refuses it
        form.write(Path(target), inventory, records)
    elif form.render is not None and target is None:
        console.out.writelines(form.render(inventory, records))
    elif form.render is not None:
        replace_file(Path(str(target)), "".join(form.render(inventory, records)))


def _outputs(args: Namespace) -> tuple[tuple[Form, str | None], ...]:
    """The outputs that are asked for.

    Raises:
        InputError: two go to one place, or a folder was asked for and none was named.
    """
    asked = args.output or [("text", None)]
    refuse_two_in_one(asked, "audit", "target")
    chosen = tuple((load(name), target) for name, target in asked)
    for form, target in chosen:
        if form.write is not None and target is None:
            raise InputError.one(
                f"output `{form.name}` is a folder of files", expected=f"`--output {form.name}=FOLDER`", file="audit"
            )
    return chosen


def _asked(args: Namespace) -> Asked | None:
    """What is asked of the journals; None for nothing.

    Raises:
        InputError: an option that needs another stands alone.
    """
    from checker.fleet.period import Asked

    needs = {
        "--period": (args.period, "--records", args.records),
        "--records": (args.records, "--period", args.period),
        "--expected": (args.expected, "--period", args.period),
        "--sample": (args.sample or None, "--seed", args.seed),
        "--seed": (args.seed, "--sample", args.sample or None),
    }
    for option, (value, other, needed) in needs.items():
        if value is not None and needed is None:
            raise InputError.one(f"{option} was given alone", expected=f"`{other}` beside it", file="audit")
    if args.sample and args.period is None:
        raise InputError.one("--sample was given alone", expected="`--period` beside it", file="audit")
    if args.period is None:
        return None
    first, last = args.period
    return Asked(first, last, args.records, args.expected, args.sample, args.seed)


def _period(written: str) -> tuple[date, date]:
    first, dots, last = written.partition("..")
    try:
        found = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        found = None
    if not dots or found is None or found[0] > found[1]:
        raise ArgumentTypeError(f"`{written}` is no period: expected two days as 2026-07-01..2026-09-30")
    return found


def _request(args: Namespace, console: Console) -> Request:
    return _gate.request(args, console, ())._replace(allow_empty=True)
