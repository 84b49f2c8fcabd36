"""Who may use a cluster: access entries, and the `aws-auth` config map of older clusters."""

import asyncio
import json

from sandbox.cloud.construct.monitor import Child, Options
from sandbox.cloud.eks.parts import Making
from sandbox.cloud.wire.values import Properties, Value, is_properties, object_of, objects_of

_ENTRY = "aws:eks/accessEntry:AccessEntry"
_ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"


async def access_entries(making: Making, cluster: Child) -> list[Child]:
    """The access entries that the program asked for, each with its policies."""
    wanted = object_of(making.arguments, "accessEntries")
    made = await asyncio.gather(
        *(_entry(making, cluster, name, entry) for name, entry in wanted.items() if is_properties(entry))
    )
    return list(made)


async def config_map(making: Making, kubernetes: Child) -> Child | None:
    """The config map that maps roles and users; None where access entries do that alone."""
    mode = making.arguments.get("authenticationMode")
    if mode not in (None, "CONFIG_MAP", "API_AND_CONFIG_MAP"):
        return None
    roles: list[Value] = [
        {"rolearn": item.get("roleArn"), "username": item.get("username"), "groups": item.get("groups")}
        for item in objects_of(making.arguments, "roleMappings")
    ]
    return await making.monitor.custom(
        "kubernetes:core/v1:ConfigMap",
        f"{making.name}-nodeAccess",
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "immutable": False,
            "metadata": {
                "name": "aws-auth",
                "namespace": "kube-system",
                "annotations": {"pulumi.com/patchForce": "true"},
            },
            "data": {"mapRoles": json.dumps(roles, default=str)},
        },
        Options(
            making.component, provider=f"{kubernetes.urn}::{_known(kubernetes)}", depends_on=(kubernetes,)
        ),
    )


async def _entry(making: Making, cluster: Child, name: str, given: Properties) -> Child:
    inputs: Properties = {
        "clusterName": cluster["name"],
        "principalArn": given.get("principalArn"),
        "kubernetesGroups": given.get("kubernetesGroups"),
        "type": given.get("type"),
        "userName": given.get("username"),
        "tags": given.get("tags"),
    }
    entry = await making.aws_resource(_ENTRY, f"{making.name}-{name}", inputs, cluster)
    policies = object_of(given, "accessPolicies")
    await asyncio.gather(
        *(
            _policy(making, entry, f"{making.name}-{name}-{key}", {**inputs, **policy})
            for key, policy in policies.items()
            if is_properties(policy)
        )
    )
    return entry


async def _policy(making: Making, entry: Child, name: str, given: Properties) -> Child:
    inputs: Properties = {
        key: given.get(key) for key in ("clusterName", "principalArn", "policyArn", "accessScope")
    }
    return await making.aws_resource(_ASSOCIATION, name, inputs, entry, parent=entry.urn)


def _known(provider: Child) -> str:
    return provider.id if isinstance(provider.id, str) else "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
