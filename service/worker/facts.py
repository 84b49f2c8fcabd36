"""What a program is told about its target: looked up by the worker before the run."""

from programs.facts import Cloud, ExistingSubnet, Facts
from service.operations.runs import ClaimedOperation
from service.settings import Settings

# The first four zones of a simulated region; requests ask for at most four.
SANDBOX_ZONE_LETTERS = ("a", "b", "c", "d")


def sandbox_facts(
    claimed: ClaimedOperation, settings: Settings, existing_subnets: tuple[ExistingSubnet, ...] = ()
) -> Facts:
    """Describe the simulated account and region: every region has four zones and no roles of its own."""
    account = settings.accounts.get(claimed.account) or settings.accounts[settings.default_account]
    return Facts(
        environment_id=claimed.run.environment_id,
        cloud=Cloud.SANDBOX,
        account_id=account.account_id,
        region=claimed.region,
        availability_zone_names=tuple(f"{claimed.region}{letter}" for letter in SANDBOX_ZONE_LETTERS),
        expires_on=claimed.expires_at.date().isoformat() if claimed.expires_at else None,
        activity=claimed.activity,
        existing_subnets=existing_subnets,
    )
