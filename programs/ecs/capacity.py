"""What a cluster's tasks run on: Fargate, or instances of the environment's own."""

import pulumi
import pulumi_aws as aws

from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.ecs.capacity_plan import CapacityPlan, plan_capacity
from programs.ecs.cluster import Cluster, cluster_name
from programs.ecs.instances import Instances, InstancesArgs, capacity_provider_name
from programs.planning.instances import is_arm64
from programs.request.ecs import Capacity
from programs.request.workload import Architecture


class ClusterCapacity(pulumi.ComponentResource):
    """The providers a cluster may use and the strategy of what names none."""

    plan: CapacityPlan
    association: pulumi.Resource

    def __init__(
        self,
        name: str,
        cluster: Cluster,
        plan: CapacityPlan,
        instances: Instances | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Associate the providers with the cluster."""
        super().__init__("berth:ecs:ClusterCapacity", name, None, opts)
        self.plan = plan
        self.association = aws.ecs.ClusterCapacityProviders(
            f"{name}-providers",
            cluster_name=cluster.name,
            capacity_providers=list(plan.provider_names),
            default_capacity_provider_strategies=[
                aws.ecs.ClusterCapacityProvidersDefaultCapacityProviderStrategyArgs(
                    capacity_provider=share.provider, base=share.base, weight=share.weight
                )
                for share in plan.main.strategy
            ],
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[instances] if instances is not None else None
            ),
        )
        self.register_outputs({})


def make_capacity(
    capacity: Capacity,
    cluster: Cluster,
    scope: Scope,
    placement: NetworkPlacement,
    opts: pulumi.ResourceOptions,
) -> ClusterCapacity:
    """Make the instances where they are asked for, at weight 0 too, and tell the cluster what it may use."""
    instances = None
    if capacity.ec2 is not None:
        is_arm = is_arm64(capacity.ec2.instance_types[0])
        architecture = Architecture.ARM64 if is_arm else Architecture.X86_64
        args = InstancesArgs(scope, cluster_name(scope), placement, capacity.ec2, architecture)
        instances = Instances("instances", args, opts)
    plan = plan_capacity(capacity, capacity_provider_name(scope))
    return ClusterCapacity("capacity", cluster, plan, instances, opts)
