"""What the parts of an EKS component share: who asks, which provider to use, how to name things."""

import hashlib
import json
from dataclasses import dataclass

from sandbox.cloud.construct.monitor import Child, Monitor, Options
from sandbox.cloud.wire.values import (
    UNKNOWN,
    Properties,
    Reference,
    Value,
    has_unknown,
    is_properties,
    object_of,
    revealed,
)

AWS_VERSION = "7.48.0"
"""The version of the aws provider that the real component asks for where it is given none."""


@dataclass(frozen=True, slots=True)
class Making:
    """A component being made.

    Attributes:
        monitor: the engine's monitor.
        component: the component's URN, the parent of what is made.
        name: the component's name, in front of its children's.
        arguments: what the program gave; secrets are revealed.
        aws: the reference of the aws provider instance; empty for the default one.
    """

    monitor: Monitor
    component: str
    name: str
    arguments: Properties
    aws: str

    def options(
        self, *needed: Child | Reference, parent: str | None = None, ignore_changes: tuple[str, ...] = ()
    ) -> Options:
        """How a child of the aws package is registered."""
        return Options(
            parent=parent or self.component,
            provider=self.aws,
            version="" if self.aws else AWS_VERSION,
            depends_on=needed,
            ignore_changes=ignore_changes,
        )

    async def aws_resource(
        self, token: str, name: str, inputs: Properties, *needed: Child | Reference, parent: str | None = None
    ) -> Child:
        """Register a resource of the aws package."""
        return await self.monitor.custom(token, name, inputs, self.options(*needed, parent=parent))

    async def property_of(self, value: Value, name: str) -> Value:
        """A property of a resource that the program handed over, as a reference or as an object."""
        if isinstance(value, Reference):
            return (await self.monitor.state_of(value)).get(name, UNKNOWN)
        return value.get(name) if is_properties(value) else value


def is_enabled(arguments: Properties, name: str) -> bool:
    """Whether the options under a name are given and enabled."""
    return object_of(arguments, name).get("enabled") is True


def short_hash(text: str) -> str:
    """The first eight digits of a text's SHA-1, which the real component puts into names."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:8]


def as_json(value: Value) -> Value:
    """A value as JSON with sorted keys; unknown while anything in it is."""
    if value is None:
        return None
    return (
        UNKNOWN if has_unknown(value) else json.dumps(revealed(value), sort_keys=True, separators=(",", ":"))
    )
