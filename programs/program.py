"""From a request to the Pulumi program that makes it."""

from collections.abc import Callable

from programs.facts import Activity, Facts
from programs.planning.pausing import paused
from programs.request import EcsEnvironment, EksEnvironment


def program_for(request: EcsEnvironment | EksEnvironment, facts: Facts) -> Callable[[], None]:
    """Return the inline program of a request: a function of the request and the facts, and of nothing else.

    Pulumi and its SDKs are imported only when the program is asked for, and only the orchestrator's own.
    A paused environment's program makes the same environment without a copy of anything.
    """
    if facts.activity is Activity.PAUSED:
        request = paused(request)
    if isinstance(request, EcsEnvironment):
        from programs.ecs.program import deploy_ecs_environment  # noqa: PLC0415 -- see above

        return lambda: deploy_ecs_environment(request, facts)
    from programs.eks.program import deploy_eks_environment  # noqa: PLC0415 -- see above

    return lambda: deploy_eks_environment(request, facts)
