"""What outlives an environment: looked for by tag after a destroy, told as a warning and on the operation.

The engine removes what is in the state. What a cluster's controllers made is not there, and neither is what
somebody made by hand: both go unseen, and cost money, unless somebody looks.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from programs.planning.ownership import Tag, controller_tags, environment_tag
from service.events.model import Diagnostic
from service.operations.model import Leftover, OperationKind
from service.operations.runs import (
    ClaimedOperation,
    Conclusion,
    TimedPayload,
)
from service.operations.states import OperationState

SCAN_TIMEOUT_SECONDS = 240.0
MAX_NAMED = 20

FindByTag = Callable[[ClaimedOperation, Sequence[Tag]], Awaitable[Sequence[Leftover]]]

_log = structlog.get_logger(__name__)


class LeftoversUnknownError(RuntimeError):
    """The cloud could not be asked what bears the environment's tags."""


async def look_for_leftovers(
    claimed: ClaimedOperation, conclusion: Conclusion, find: FindByTag, record: Callable[[TimedPayload], None]
) -> Conclusion:
    """Return the conclusion of a destroy with what still stands, and record a warning of it.

    What a scan finds does not fail a destroy: the state is empty, and nobody but a person can decide what
    becomes of a thing that Berth did not make. A scan that fails is a warning, too.
    """
    tags = sought_tags(claimed, conclusion)
    if not tags:
        return conclusion
    try:
        async with asyncio.timeout(SCAN_TIMEOUT_SECONDS):
            found = await find(claimed, tags)
    except (LeftoversUnknownError, TimeoutError) as error:
        _log.warning("leftovers_unknown", error=str(error))
        record(
            _warning(f"nobody knows whether anything was left behind: {error or 'the scan took too long'}")
        )
        return conclusion
    leftovers = tuple(sorted(found, key=lambda one: (one.resource_type, one.id)))
    if leftovers:
        _log.warning("leftovers_found", count=len(leftovers))
        record(_warning(_told(leftovers)))
    return replace(conclusion, leftovers=leftovers)


def sought_tags(claimed: ClaimedOperation, conclusion: Conclusion) -> tuple[Tag, ...]:
    """Return the tags to look for; none where there is nothing to look for.

    After a destroy that failed, what the program made may rightly stand: only the controllers' own makings
    are told then, since they are what keeps networks from being deleted.
    """
    if claimed.run.kind is not OperationKind.DESTROY:
        return ()
    has_cluster = claimed.request.get("orchestrator") == "eks"
    of_controllers = controller_tags(claimed.team, claimed.environment_name) if has_cluster else ()
    if conclusion.state is OperationState.SUCCEEDED:
        return (environment_tag(claimed.run.environment_id), *of_controllers)
    return of_controllers if conclusion.state is OperationState.FAILED else ()


def _told(leftovers: Sequence[Leftover]) -> str:
    lines = [f"  {one.resource_type} {one.id} ({one.tag})" for one in leftovers[:MAX_NAMED]]
    if len(leftovers) > MAX_NAMED:
        lines.append(f"  and {len(leftovers) - MAX_NAMED} more, on the operation's `leftovers`")
    count = "one resource" if len(leftovers) == 1 else f"{len(leftovers)} resources"
    return "\n".join([f"{count} of this environment, outside of its state, still found by tag:", *lines])


def _warning(message: str) -> TimedPayload:
    return TimedPayload(datetime.now(UTC), Diagnostic(severity="warning", message=message))
