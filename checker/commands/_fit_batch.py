"""`fit --batch`: how many processes answer it, and what holds for all of its plans."""

from __future__ import annotations

from argparse import Namespace

from checker.commands._batch import STDIN, answer_batch
from checker.console import Console
from checker.exit_code import ExitCode
from checker.sizing.batch import Asked, answers


def answer_plans(args: Namespace, console: Console) -> ExitCode:
    """Write the answers, and return the code of the batch; errors are those of `answer_batch`."""
    from checker.gate import jobs_of_this_machine

    # Whoever writes a line to a pipe and waits for its answer must not wait for a block of them.
    jobs = args.jobs or (1 if args.batch == STDIN else jobs_of_this_machine())
    return answer_batch(
        args.batch,
        lambda stream, name: answers(stream, Asked(name, args.headroom, args.alternatives), jobs),
        console,
        expected="a JSON plan a line",
    )
