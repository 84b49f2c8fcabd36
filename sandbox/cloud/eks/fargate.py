"""The Fargate profile of a cluster."""

from sandbox.cloud.construct.monitor import Child
from sandbox.cloud.eks.arguments import all_subnets
from sandbox.cloud.eks.parts import Making
from sandbox.cloud.eks.roles import service_role
from sandbox.cloud.wire.values import Properties, object_of

_DEFAULT_NAMESPACES = ("default", "kube-system")


async def fargate_profile(making: Making, cluster: Child) -> Child:
    """The profile that the program asked for, with a role for its pods where it brings none."""
    given = object_of(making.arguments, "fargate")
    role_arn, needed = given.get("podExecutionRoleArn"), [cluster]
    if role_arn is None:
        made = await service_role(
            making,
            f"{making.name}-podExecutionRole",
            "eks-fargate-pods.amazonaws.com",
            ("AmazonEKSFargatePodExecutionRolePolicy",),
        )
        role_arn, needed = made.role["arn"], [cluster, made.role, *made.attachments]
    inputs: Properties = {
        "clusterName": cluster["name"],
        "podExecutionRoleArn": role_arn,
        "selectors": given.get("selectors") or [{"namespace": name} for name in _DEFAULT_NAMESPACES],
        "subnetIds": given.get("subnetIds")
        or making.arguments.get("privateSubnetIds")
        or all_subnets(making.arguments),
    }
    name = _profile_name(making.name)
    return await making.aws_resource("aws:eks/fargateProfile:FargateProfile", name, inputs, *needed)


def _profile_name(name: str) -> str:
    """The profile's name; the prefix `eks-` belongs to AWS."""
    if name == "eks" or name.lower().startswith("eks-"):
        return f"{name.replace('-', '_', 1)}fargateProfile"
    return f"{name}-fargateProfile"
