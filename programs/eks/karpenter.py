"""Karpenter: makes nodes as pods need them, and empties those that Spot takes back.

https://karpenter.sh/docs/reference/cloudformation/ lists the rights; they are narrowed to this cluster here.
"""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.components.policy import Condition, Principal, PrincipalKind, Statement, policy_document
from programs.components.scope import Scope
from programs.eks.charts import KARPENTER
from programs.eks.controller import Controller, ControllerArgs
from programs.eks.platform import Platform
from programs.eks.roles import Role, ServiceAccount
from programs.request.eks import Karpenter as KarpenterSettings

ACCOUNT = ServiceAccount("kube-system", "karpenter")
_MESSAGE_SECONDS = 300
_NODE_CLASS = "default"
_EXPIRY = "720h"
# Event patterns: https://karpenter.sh/docs/concepts/disruption/#interruption
_EVENTS = {
    "health": ("aws.health", "AWS Health Event"),
    "spot-interruption": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
    "rebalance": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
    "state-change": ("aws.ec2", "EC2 Instance State-change Notification"),
}


@dataclass(frozen=True, slots=True)
class KarpenterArgs:
    """What Karpenter may buy, and the role, group and subnets that its nodes get."""

    platform: Platform
    settings: KarpenterSettings
    node_role: Role
    security_group_id: pulumi.Input[str]
    subnet_ids: tuple[pulumi.Input[str], ...]
    has_node_groups: bool


class Karpenter(pulumi.ComponentResource):
    """The controller, its queue of interruptions, and one pool for everything."""

    ready: list[pulumi.Resource]

    def __init__(self, name: str, args: KarpenterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the queue, install the controller, and tell it what to buy."""
        super().__init__("berth:eks:Karpenter", name, None, opts)
        self._name, self._args, self._scope = name, args, args.platform.scope
        self._child = pulumi.ResourceOptions(parent=self)
        queue = self._make_queue()
        if not args.has_node_groups:
            # A node group would have let its role in; without one, nobody has yet.
            self._admit_nodes()
        cluster_name = args.platform.cluster_name
        controller = Controller(
            name,
            ControllerArgs(
                platform=args.platform,
                chart=KARPENTER,
                account=ACCOUNT,
                purpose="Makes and ends nodes",
                statements=controller_statements(self._scope, cluster_name, args.node_role.arn, queue.arn),
                values={
                    "settings": {"clusterName": cluster_name, "interruptionQueue": queue.name},
                    "replicas": 2,
                },
            ),
            self._child,
        )
        node_class = self._make_node_class(controller)
        # Nodes are emptied and ended before the controller that does so goes.
        self.ready = [controller.release, self._make_pool(node_class)]
        self.register_outputs({})

    def _make_queue(self) -> aws.sqs.Queue:
        physical_name = self._scope.name("karpenter")
        queue = aws.sqs.Queue(
            f"{self._name}-interruptions",
            name=physical_name,
            message_retention_seconds=_MESSAGE_SECONDS,
            sqs_managed_sse_enabled=True,
            tags=self._scope.tagged(physical_name),
            opts=self._child,
        )
        senders = Principal(PrincipalKind.SERVICE, ("events.amazonaws.com", "sqs.amazonaws.com"))
        statement = Statement("SendEvents", ("sqs:SendMessage",), (queue.arn,), principal=senders)
        aws.sqs.QueuePolicy(
            f"{self._name}-senders",
            queue_url=queue.url,
            policy=policy_document([statement]),
            opts=self._child,
        )
        for event, (source, kind) in _EVENTS.items():
            rule = aws.cloudwatch.EventRule(
                f"{self._name}-{event}",
                name=self._scope.name(f"karpenter-{event}"),
                event_pattern=json.dumps({"source": [source], "detail-type": [kind]}),
                tags=self._scope.tagged(self._scope.name(f"karpenter-{event}")),
                opts=self._child,
            )
            aws.cloudwatch.EventTarget(
                f"{self._name}-{event}-target", rule=rule.name, arn=queue.arn, opts=self._child
            )
        return queue

    def _admit_nodes(self) -> None:
        aws.eks.AccessEntry(
            f"{self._name}-nodes",
            cluster_name=self._args.platform.cluster_name,
            principal_arn=self._args.node_role.arn,
            type="EC2_LINUX",
            tags=dict(self._scope.tags),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._args.platform.cluster]),
        )

    def _make_node_class(self, controller: Controller) -> CustomResource:
        return CustomResource(
            f"{self._name}-class",
            api_version="karpenter.k8s.aws/v1",
            kind="EC2NodeClass",
            metadata=ObjectMetaArgs(name=_NODE_CLASS),
            spec={
                "role": self._args.node_role.name,
                "amiSelectorTerms": [{"alias": "al2023@latest"}],
                "subnetSelectorTerms": [{"id": one} for one in self._args.subnet_ids],
                "securityGroupSelectorTerms": [{"id": self._args.security_group_id}],
                "metadataOptions": {
                    "httpEndpoint": "enabled",
                    "httpTokens": "required",
                    "httpPutResponseHopLimit": 1,
                },
                "blockDeviceMappings": [
                    {
                        "deviceName": "/dev/xvda",
                        "ebs": {"volumeSize": "50Gi", "volumeType": "gp3", "encrypted": True},
                    }
                ],
                "tags": {**self._scope.tags, "Name": self._scope.name("karpenter")},
            },
            opts=self._args.platform.reaching_out(self, [controller.release]),
        )

    def _make_pool(self, node_class: CustomResource) -> CustomResource:
        return CustomResource(
            f"{self._name}-pool",
            api_version="karpenter.sh/v1",
            kind="NodePool",
            metadata=ObjectMetaArgs(name="general"),
            spec=node_pool_spec(self._args.settings),
            opts=self._args.platform.reaching_out(self, [node_class]),
        )


def node_pool_spec(settings: KarpenterSettings) -> dict[str, object]:
    """Return what Karpenter may buy: kinds of instances and the most of them all together."""
    bought = ["on-demand", "spot"] if settings.spot else ["on-demand"]
    requirements: list[dict[str, object]] = [
        {"key": "karpenter.sh/capacity-type", "operator": "In", "values": bought},
        {"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64", "arm64"]},
        {
            "key": "karpenter.k8s.aws/instance-category",
            "operator": "In",
            "values": list(settings.instance_categories),
        },
        {"key": "karpenter.k8s.aws/instance-generation", "operator": "Gt", "values": ["4"]},
    ]
    node_class = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": _NODE_CLASS}
    return {
        "template": {
            "spec": {"nodeClassRef": node_class, "requirements": requirements, "expireAfter": _EXPIRY}
        },
        "limits": {"cpu": str(settings.max_vcpus), "memory": f"{settings.max_memory_gib}Gi"},
        "disruption": {"consolidationPolicy": "WhenEmptyOrUnderutilized", "consolidateAfter": "1m"},
    }


def controller_statements(
    scope: Scope,
    cluster_name: str,
    node_role_arn: pulumi.Input[str],
    queue_arn: pulumi.Input[str],
) -> list[Statement]:
    """Return Karpenter's rights: whatever it makes bears this cluster's tag, and it ends nothing else."""
    tag = f"kubernetes.io/cluster/{cluster_name}"
    requested = Condition("StringEquals", f"aws:RequestTag/{tag}", ("owned",))
    owned = Condition("StringEquals", f"aws:ResourceTag/{tag}", ("owned",))
    made = tuple(
        scope.arn("ec2", f"{kind}/*")
        for kind in (
            "fleet",
            "instance",
            "volume",
            "network-interface",
            "launch-template",
            "spot-instances-request",
        )
    )
    used = tuple(scope.arn("ec2", f"{kind}/*") for kind in ("security-group", "subnet"))
    images = (f"arn:{scope.partition}:ec2:{scope.region}::image/*",)
    snapshots = (f"arn:{scope.partition}:ec2:{scope.region}::snapshot/*",)
    launch = ("ec2:RunInstances", "ec2:CreateFleet")
    profile = (scope.global_arn("iam", "instance-profile/*"),)
    return [
        Statement("UseForNodes", launch, (*images, *snapshots, *used)),
        Statement("UseOwnTemplates", launch, (scope.arn("ec2", "launch-template/*"),), conditions=(owned,)),
        Statement("MakeNodes", (*launch, "ec2:CreateLaunchTemplate"), made, conditions=(requested,)),
        Statement("TagNew", ("ec2:CreateTags",), made, conditions=(requested,)),
        Statement("TagOwned", ("ec2:CreateTags",), (scope.arn("ec2", "instance/*"),), conditions=(owned,)),
        Statement(
            "EndNodes",
            ("ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"),
            (scope.arn("ec2", "instance/*"), scope.arn("ec2", "launch-template/*")),
            conditions=(owned,),
        ),
        # Describe calls and prices have no resources to narrow them to.
        Statement(
            "Look",
            (
                "ec2:DescribeCapacityReservations",
                "ec2:DescribeImages",
                "ec2:DescribeInstances",
                "ec2:DescribeInstanceTypeOfferings",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplates",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSpotPriceHistory",
                "ec2:DescribeSubnets",
                "pricing:GetProducts",
            ),
            ("*",),
        ),
        Statement(
            "FindImages",
            ("ssm:GetParameter",),
            (f"arn:{scope.partition}:ssm:{scope.region}::parameter/aws/service/*",),
        ),
        Statement(
            "ReadInterruptions",
            ("sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"),
            (queue_arn,),
        ),
        Statement(
            "PassNodeRole",
            ("iam:PassRole",),
            (node_role_arn,),
            conditions=(Condition("StringEquals", "iam:PassedToService", ("ec2.amazonaws.com",)),),
        ),
        Statement(
            "MakeProfiles",
            ("iam:CreateInstanceProfile", "iam:TagInstanceProfile"),
            profile,
            conditions=(requested,),
        ),
        Statement(
            "ChangeProfiles",
            (
                "iam:AddRoleToInstanceProfile",
                "iam:RemoveRoleFromInstanceProfile",
                "iam:DeleteInstanceProfile",
            ),
            profile,
            conditions=(owned,),
        ),
        Statement("ReadProfiles", ("iam:GetInstanceProfile",), profile),
        Statement("ReadCluster", ("eks:DescribeCluster",), (scope.arn("eks", f"cluster/{cluster_name}"),)),
    ]
