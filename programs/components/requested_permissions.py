"""The permissions of a request, as IAM statements."""

from collections.abc import Sequence

from programs.components.policy import Condition, Effect, Statement
from programs.request.permissions import Effect as RequestedEffect
from programs.request.permissions import Permission


def requested_statements(permissions: Sequence[Permission]) -> list[Statement]:
    """Return the statements that a request asks for, in its order."""
    return [
        Statement(
            sid=f"Requested{number}",
            effect=Effect.DENY if permission.effect is RequestedEffect.DENY else Effect.ALLOW,
            actions=permission.actions,
            resources=permission.resources,
            conditions=tuple(
                Condition(condition.test, condition.variable, condition.values)
                for condition in permission.conditions
            ),
        )
        for number, permission in enumerate(permissions, start=1)
    ]
