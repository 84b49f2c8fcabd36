"""The component `eks:index:ServiceRole`: a role that an AWS service assumes, with managed policies."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.cloud.construct.monitor import Child
from sandbox.cloud.eks.parts import Making, short_hash


@dataclass(frozen=True, slots=True)
class ServiceRole:
    """A made role.

    Attributes:
        role: the role itself.
        attachments: its policies' attachments, which whoever uses the role waits for.
    """

    role: Child
    attachments: tuple[Child, ...]


async def service_role(
    making: Making,
    name: str,
    service: str,
    policies: Sequence[str],
    *,
    description: str | None = None,
    actions: Sequence[str] = ("sts:AssumeRole",),
) -> ServiceRole:
    """Make a role for a service.

    Args:
        making: the component that needs it.
        name: the role component's name.
        service: the service principal.
        policies: the names of AWS's managed policies.
        description: what the role is for.
        actions: what the service may do to assume it.
    """
    component = await making.monitor.component("eks:index:ServiceRole", name, making.component)
    statement = {"Action": list(actions), "Effect": "Allow", "Principal": {"Service": service}}
    role = await making.aws_resource(
        "aws:iam/role:Role",
        f"{name}-role",
        {
            "assumeRolePolicy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
            "description": description,
            "tags": making.arguments.get("tags"),
        },
        parent=component.urn,
    )
    attachments = await asyncio.gather(
        *(_attach(making, component, name, role, policy) for policy in policies)
    )
    await making.monitor.finish(component, {"role": role.reference})
    return ServiceRole(role, tuple(attachments))


async def _attach(making: Making, component: Child, name: str, role: Child, policy: str) -> Child:
    arn = f"arn:aws:iam::aws:policy/{policy}"
    return await making.aws_resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        f"{name}-{short_hash(arn)}",
        {"policyArn": arn, "role": role["name"]},
        role,
        parent=component.urn,
    )
