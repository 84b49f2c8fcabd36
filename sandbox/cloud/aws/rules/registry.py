"""Which rules hold for which type, and when they are asked."""

from collections.abc import Iterator, Mapping

from sandbox.cloud.aws.rules import (
    balancers,
    clusters,
    monitoring,
    network,
    policies,
    registries,
    scaling,
    services,
    tasks,
)
from sandbox.cloud.aws.rules.asked import Asked, InputCheck, Rule
from sandbox.cloud.aws.rules.documents import input_faults
from sandbox.cloud.aws.rules.models import MODELS
from sandbox.cloud.aws.rules.protection import PROTECTIONS
from sandbox.cloud.aws.surroundings import Surroundings
from sandbox.cloud.provider.model import Failure
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties

CHECKS: Mapping[str, tuple[InputCheck, ...]] = {
    "ec2/vpc:Vpc": (network.cidr_check,),
    "ec2/subnet:Subnet": (network.cidr_check,),
    "ec2/route:Route": (network.cidr_check,),
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule": (network.cidr_check,),
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule": (network.cidr_check,),
    "lb/loadBalancer:LoadBalancer": (balancers.name_check,),
    "lb/targetGroup:TargetGroup": (balancers.group_name_check,),
    "ecs/taskDefinition:TaskDefinition": (tasks.container_definitions_check,),
    "iam/role:Role": (policies.json_check("assumeRolePolicy"),),
    "iam/policy:Policy": (policies.json_check("policy"),),
    "iam/rolePolicy:RolePolicy": (policies.json_check("policy"),),
    "kms/key:Key": (policies.json_check("policy"),),
    "sqs/queuePolicy:QueuePolicy": (policies.json_check("policy"),),
    "sns/topicPolicy:TopicPolicy": (policies.json_check("policy"),),
    "ecr/repositoryPolicy:RepositoryPolicy": (policies.json_check("policy"),),
    "s3/bucketPolicy:BucketPolicy": (policies.json_check("policy"),),
    "cloudwatch/logGroup:LogGroup": (monitoring.retention_check,),
}

RULES: Mapping[str, tuple[Rule, ...]] = {
    "ec2/vpc:Vpc": (network.vpc,),
    "ec2/subnet:Subnet": (network.subnet,),
    "ec2/internetGateway:InternetGateway": (network.internet_gateway,),
    "ec2/natGateway:NatGateway": (network.nat_gateway,),
    "ec2/route:Route": (network.route,),
    "ec2/securityGroup:SecurityGroup": (network.security_group,),
    "ec2/vpcEndpoint:VpcEndpoint": (network.vpc_endpoint,),
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule": (network.ingress_rule,),
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule": (network.egress_rule,),
    "lb/loadBalancer:LoadBalancer": (balancers.load_balancer,),
    "lb/targetGroup:TargetGroup": (balancers.target_group,),
    "lb/listener:Listener": (balancers.listener,),
    "lb/listenerRule:ListenerRule": (balancers.listener_rule,),
    "ecs/taskDefinition:TaskDefinition": (tasks.task_definition,),
    "ecs/service:Service": (services.service,),
    "ecs/clusterCapacityProviders:ClusterCapacityProviders": (services.cluster_providers,),
    "iam/role:Role": (policies.policy_rule("assumeRolePolicy", policies.TRUST),),
    "iam/policy:Policy": (policies.policy_rule("policy", policies.IDENTITY),),
    "iam/rolePolicy:RolePolicy": (policies.policy_rule("policy", policies.INLINE),),
    "kms/key:Key": (policies.policy_rule("policy", policies.KEY),),
    "ecr/repositoryPolicy:RepositoryPolicy": (policies.policy_rule("policy", policies.RESOURCE),),
    "ecr/lifecyclePolicy:LifecyclePolicy": (registries.lifecycle_policy,),
    "sqs/queuePolicy:QueuePolicy": (policies.policy_rule("policy", policies.RESOURCE),),
    "sns/topicPolicy:TopicPolicy": (policies.policy_rule("policy", policies.RESOURCE),),
    "s3/bucketPolicy:BucketPolicy": (policies.policy_rule("policy", policies.RESOURCE),),
    "appautoscaling/target:Target": (scaling.target,),
    "appautoscaling/policy:Policy": (scaling.policy,),
    "appautoscaling/scheduledAction:ScheduledAction": (scaling.scheduled_action,),
    "eks/cluster:Cluster": (clusters.cluster,),
    "eks/nodeGroup:NodeGroup": (clusters.node_group,),
    "eks/fargateProfile:FargateProfile": (clusters.fargate_profile,),
    "eks/addon:Addon": (clusters.addon,),
    "eks/accessEntry:AccessEntry": (clusters.access_entry,),
    "eks/accessPolicyAssociation:AccessPolicyAssociation": (clusters.policy_association,),
    "cloudwatch/metricAlarm:MetricAlarm": (monitoring.alarm,),
    "cloudwatch/dashboard:Dashboard": (monitoring.dashboard,),
}


def refused_inputs(token: str, inputs: Properties) -> Iterator[Failure]:
    """The inputs that the provider refuses before it asks AWS."""
    for check in CHECKS.get(token.removeprefix("aws:"), ()):
        yield from check(inputs)
    model = MODELS.get(token.removeprefix("aws:"))
    if model is not None:
        for path, reason in input_faults(model[0], model[1], inputs):
            yield Failure(path, reason)


def refuse_creation(inventory: Inventory, around: Surroundings, token: str, inputs: Properties) -> None:
    """Refuse a resource that AWS would refuse to make.

    Raises:
        ApiError: what AWS says.
    """
    _refuse(token, Asked(inventory, around, inputs))


def refuse_change(inventory: Inventory, around: Surroundings, record: Record, outputs: Properties) -> None:
    """Refuse a change that AWS would refuse.

    Raises:
        ApiError: what AWS says.
    """
    _refuse(record.type, Asked(inventory, around, outputs, record))


def refuse_deletion(record: Record) -> None:
    """Refuse to delete what AWS protects.

    Raises:
        ApiError: what AWS says.
    """
    protection = PROTECTIONS.get(record.type.removeprefix("aws:"))
    for error in protection(record) if protection else ():
        raise error


def _refuse(token: str, asked: Asked) -> None:
    for rule in RULES.get(token.removeprefix("aws:"), ()):
        for error in rule(asked):
            raise error
