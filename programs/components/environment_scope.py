"""The scope that all resources of an environment share."""

from programs.components.scope import Scope
from programs.facts import Activity, Facts
from programs.planning.tags import environment_tags
from programs.request.shape import EnvironmentClass, SharedShape


def make_scope(request: SharedShape, facts: Facts) -> Scope:
    """Return the names, tags and place that all resources of the environment share."""
    return Scope(
        team=request.team,
        environment=request.name,
        account_id=facts.account_id,
        region=facts.region,
        partition=facts.partition,
        tags=environment_tags(request, facts),
        is_ephemeral=request.environment_class is EnvironmentClass.EPHEMERAL,
        is_protected=request.protected,
        log_retention_days=int(request.observability.log_retention_days),
        is_resuming=facts.activity is Activity.RESUMING,
    )
