"""A model behind an API is used through a provider that the policy names.

What: an entry with `access: api` names a `provider` of the policy's `api.providers`. Where the policy names none, such
      an entry cannot be evaluated.
Why:  with an API the provider's terms take the place of the model's licence, and prompts leave the organisation.
Fix:  use an accepted provider, or ask for the provider's terms to be reviewed.

Passes: {model: acme/gateway-model, access: api, provider: acme-gateway, api: {providers: [acme-gateway]}}
Fails:  {model: acme/gateway-model, access: api, provider: elsewhere, api: {providers: [acme-gateway]}}
"""

from checker.manifest.model import Access, ModelEntry
from checker.rulebook.licensee import Providers
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.settings import RuleSettings, Settler

SETTLED_BY = Settler.LEGAL


def check(entry: ModelEntry, providers: Providers, settings: RuleSettings) -> Outcome:
    """Look the provider up among those that the policy names."""
    if entry.access.value is not Access.API:
        return NotApplicable("the project runs the weights itself")
    if providers.allowed is None:
        reason = "the policy names no provider whose API may be used"
        yaml = f"api:\n  providers: [{entry.provider.value if entry.provider else 'NAME'}]"
        return NotEvaluated((Unanswered("api.providers", reason, yaml, entry.access.at, where="the policy"),))
    if entry.provider is None:
        reason = "the policy allows some providers only"
        yaml = f"provider: {next(iter(providers.allowed), 'NAME')}"
        return NotEvaluated((Unanswered("provider", reason, yaml, entry.access.at),))
    if entry.provider.value in providers.allowed:
        return Passed()
    return Failed(
        (
            Finding(
                at=entry.provider.at,
                expected=f"one of the providers {', '.join(providers.allowed)}",
                found=f"`{entry.provider.value}`",
                remedy="use an accepted provider, or ask for this provider's terms to be reviewed",
            ),
        )
    )
