"""What an audit says of itself: the tool, the day, the organisation's policy and its allow lists."""

from __future__ import annotations

from checker import __version__, applying
from checker.facts.catalogue import Catalogue
from checker.fleet.allowed import lists_of
from checker.fleet.gathered import Header
from checker.policy.policy import Policy
from checker.request import Request


def header(request: Request) -> Header:
    """The organisation's policy as it stands where no project adds to it, and what else decides.

    Raises:
        InputError: it cannot be used.
    """
    policy = _policy(request)
    return Header(
        tool_version=__version__,
        today=request.today,
        catalogue_sha256=Catalogue().digest(),
        policy=policy.name,
        policy_version=policy.version,
        policy_sha256=policy.sha256,
        relaxations=request.relaxations,
    )


def allow_lists(request: Request) -> dict[str, tuple[str, ...]]:
    """The allow lists of the organisation's policy, as `rule.setting`.

    Raises:
        InputError: the policy cannot be used.
    """
    return lists_of(_policy(request))


def _policy(request: Request) -> Policy:
    return applying.organisation(request).policy
