"""EC2 instances for a cluster: a launch template, an Auto Scaling group and their capacity provider."""

import base64
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.network import NetworkPlacement
from programs.components.role import ServiceRole, ServiceRoleArgs
from programs.components.scope import Scope
from programs.components.security_group import SecurityGroup, SecurityGroupArgs
from programs.request.ecs import Ec2Capacity
from programs.request.workload import Architecture

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
_IMAGE_PARAMETER = "/aws/service/ecs/optimized-ami/amazon-linux-2023{variant}/recommended/image_id"
_ROOT_DEVICE = "/dev/xvda"
_ONE_HOP = 1  # containers on the awsvpc network must not reach the instance's credentials


@dataclass(frozen=True, slots=True)
class InstancesArgs:
    """The cluster that the instances join and what they are."""

    scope: Scope
    cluster_name: str
    placement: NetworkPlacement
    capacity: Ec2Capacity
    architecture: Architecture


def capacity_provider_name(scope: Scope) -> str:
    """Return the provider's name; AWS refuses names that begin with aws, ecs or fargate."""
    return (
        scope.name("instances")
        if not scope.prefix.startswith(("aws", "ecs", "fargate"))
        else (f"berth-{scope.name('instances')}")
    )


class Instances(pulumi.ComponentResource):
    """An Auto Scaling group that ECS grows, shrinks and drains by itself."""

    provider_name: pulumi.Output[str]

    def __init__(self, name: str, args: InstancesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the instances' role, template and group, and the capacity provider."""
        super().__init__("berth:ecs:Instances", name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        group = self._make_group(self._make_template(self._make_profile()))
        scaling = aws.ecs.CapacityProviderAutoScalingGroupProviderManagedScalingArgs(
            status="ENABLED", target_capacity=args.capacity.target_utilization_percent
        )
        provider_name = capacity_provider_name(args.scope)
        provider = aws.ecs.CapacityProvider(
            f"{name}-provider",
            name=provider_name,
            auto_scaling_group_provider=aws.ecs.CapacityProviderAutoScalingGroupProviderArgs(
                auto_scaling_group_arn=group.arn,
                managed_scaling=scaling,
                managed_termination_protection="ENABLED",
                managed_draining="ENABLED",
            ),
            tags=args.scope.tagged(provider_name),
            opts=self._child,
        )
        self.provider_name = provider.name
        self.register_outputs({"provider_name": self.provider_name})

    def _make_profile(self) -> aws.iam.InstanceProfile:
        scope = self._args.scope
        policy = f"arn:{scope.partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
        role = ServiceRole(
            f"{self._name}-instance",
            ServiceRoleArgs(
                scope=scope,
                part="instances",
                services=(f"ec2.{scope.dns_suffix}",),
                description=f"Joins instances to the cluster of {scope.prefix}",
                managed_policy_arns=(policy,),
                is_bound_to_account=False,
            ),
            self._child,
        )
        return aws.iam.InstanceProfile(
            f"{self._name}-profile",
            name=scope.name("instances"),
            role=role.name,
            tags=scope.tags,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role, *role.policies]),
        )

    def _make_template(self, profile: aws.iam.InstanceProfile) -> aws.ec2.LaunchTemplate:
        args = self._args
        physical_name = args.scope.name("instances")
        tags = args.scope.tagged(physical_name)
        disk = aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
            volume_size=args.capacity.disk_gib,
            volume_type="gp3",
            encrypted="true",
            delete_on_termination="true",
        )
        return aws.ec2.LaunchTemplate(
            f"{self._name}-template",
            name=physical_name,
            image_id=f"resolve:ssm:{image_parameter(args.architecture, has_gpu=args.capacity.gpu)}",
            instance_type=args.capacity.instance_types[0],
            update_default_version=True,
            iam_instance_profile=aws.ec2.LaunchTemplateIamInstanceProfileArgs(arn=profile.arn),
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=_ONE_HOP
            ),
            monitoring=aws.ec2.LaunchTemplateMonitoringArgs(enabled=True),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(device_name=_ROOT_DEVICE, ebs=disk)
            ],
            vpc_security_group_ids=[self._make_security_group().id],
            user_data=base64.b64encode(user_data(args).encode()).decode(),
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
                for kind in ("instance", "volume")
            ],
            tags=tags,
            opts=self._child,
        )

    def _make_security_group(self) -> SecurityGroup:
        return SecurityGroup(
            f"{self._name}-access",
            SecurityGroupArgs(
                scope=self._args.scope,
                part="instances",
                vpc_id=self._args.placement.vpc_id,
                description="Instances of the cluster: nothing in",
                allow_egress=True,
            ),
            self._child,
        )

    def _make_group(self, template: aws.ec2.LaunchTemplate) -> aws.autoscaling.Group:
        args = self._args
        physical_name = args.scope.name("instances")
        tags = {**args.scope.tagged(physical_name), "AmazonECSManaged": "true"}
        return aws.autoscaling.Group(
            f"{self._name}-group",
            name=physical_name,
            min_size=args.capacity.min,
            max_size=args.capacity.max,
            vpc_zone_identifiers=list(args.placement.private_subnet_ids),
            mixed_instances_policy=_instances_policy(args.capacity, template),
            protect_from_scale_in=True,
            # Instances that ECS protects would otherwise keep the group from being deleted.
            force_delete=True,
            capacity_rebalance=args.capacity.spot,
            health_check_type="EC2",
            tags=[
                aws.autoscaling.GroupTagArgs(key=key, value=value, propagate_at_launch=True)
                for key, value in sorted(tags.items())
            ],
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["desiredCapacity"]),
        )


def image_parameter(architecture: Architecture, *, has_gpu: bool) -> str:
    """Return the public parameter that names the current ECS-optimized image."""
    if has_gpu:
        return _IMAGE_PARAMETER.format(variant="/gpu")
    return _IMAGE_PARAMETER.format(variant="/arm64" if architecture is Architecture.ARM64 else "")


def user_data(args: InstancesArgs) -> str:
    """Return the script that makes an instance join the cluster.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
    """
    settings = [
        f"ECS_CLUSTER={args.cluster_name}",
        "ECS_AWSVPC_BLOCK_IMDS=true",
        "ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM=ec2_instance",
    ]
    if args.capacity.spot:
        settings.append("ECS_ENABLE_SPOT_INSTANCE_DRAINING=true")
    if args.capacity.gpu:
        settings.append("ECS_ENABLE_GPU_SUPPORT=true")
    lines = ["#!/bin/bash", "cat >> /etc/ecs/ecs.config <<'SETTINGS'", *settings, "SETTINGS", ""]
    return "\n".join(lines)


def _instances_policy(
    capacity: Ec2Capacity, template: aws.ec2.LaunchTemplate
) -> aws.autoscaling.GroupMixedInstancesPolicyArgs:
    specification = aws.autoscaling.GroupMixedInstancesPolicyLaunchTemplateLaunchTemplateSpecificationArgs(
        launch_template_id=template.id, version=template.latest_version.apply(str)
    )
    return aws.autoscaling.GroupMixedInstancesPolicyArgs(
        launch_template=aws.autoscaling.GroupMixedInstancesPolicyLaunchTemplateArgs(
            launch_template_specification=specification,
            overrides=[
                aws.autoscaling.GroupMixedInstancesPolicyLaunchTemplateOverrideArgs(instance_type=kind)
                for kind in capacity.instance_types
            ],
        ),
        instances_distribution=aws.autoscaling.GroupMixedInstancesPolicyInstancesDistributionArgs(
            on_demand_allocation_strategy="prioritized",
            on_demand_percentage_above_base_capacity=0 if capacity.spot else 100,
            spot_allocation_strategy="price-capacity-optimized",
        ),
    )
