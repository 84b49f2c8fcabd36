"""An environment for what is planned without one."""

from programs.components.scope import Scope

SCOPE = Scope(
    team="ops",
    environment="shop",
    account_id="123456789012",
    region="eu-central-1",
    partition="aws",
    tags={},
    is_ephemeral=False,
    is_protected=False,
    log_retention_days=30,
)
