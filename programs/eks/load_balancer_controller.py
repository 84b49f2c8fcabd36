"""The AWS Load Balancer Controller: makes the load balancer that ingresses ask for."""

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.helm.v3 import Release
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    IngressClass,
    IngressClassParametersReferenceArgs,
    IngressClassSpecArgs,
)

from programs.components.policy import Condition, Statement
from programs.components.scope import Scope
from programs.eks.charts import LOAD_BALANCER_CONTROLLER, Installation, install, role_annotation
from programs.eks.ingress import INGRESS_CLASS
from programs.eks.platform import Platform
from programs.eks.roles import Role, RoleArgs, ServiceAccount, service_account_trust

ACCOUNT = ServiceAccount("kube-system", "aws-load-balancer-controller")
_CLUSTER_TAG = "elbv2.k8s.aws/cluster"
_READ_ACTIONS = (
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAddresses",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeVpcs",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeTags",
    "ec2:GetCoipPoolUsage",
    "ec2:DescribeCoipPools",
    "ec2:GetSecurityGroupsForVpc",
    "ec2:DescribeIpamPools",
    "ec2:DescribeRouteTables",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeListenerCertificates",
    "elasticloadbalancing:DescribeListenerAttributes",
    "elasticloadbalancing:DescribeSSLPolicies",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTargetHealth",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTrustStores",
    "elasticloadbalancing:DescribeCapacityReservation",
)
_CHANGE_ACTIONS = (
    "elasticloadbalancing:AddTags",
    "elasticloadbalancing:RemoveTags",
    "elasticloadbalancing:ModifyLoadBalancerAttributes",
    "elasticloadbalancing:SetIpAddressType",
    "elasticloadbalancing:SetSecurityGroups",
    "elasticloadbalancing:SetSubnets",
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:ModifyTargetGroup",
    "elasticloadbalancing:ModifyTargetGroupAttributes",
    "elasticloadbalancing:DeleteTargetGroup",
)


def controller_statements(scope: Scope, cluster_name: str) -> list[Statement]:
    """Return the controller's rights: changes only to what bears this cluster's tag.

    Narrowed from docs/install/iam_policy.json of github.com/kubernetes-sigs/aws-load-balancer-controller:
    where that asks for the tag's presence, this asks for this cluster's name.
    """
    balancing = tuple(
        scope.arn("elasticloadbalancing", f"{kind}/*")
        for kind in ("loadbalancer/app", "targetgroup", "listener/app", "listener-rule/app")
    )
    groups = (scope.arn("ec2", "security-group/*"),)
    requested = Condition("StringEquals", f"aws:RequestTag/{_CLUSTER_TAG}", (cluster_name,))
    owned = Condition("StringEquals", f"aws:ResourceTag/{_CLUSTER_TAG}", (cluster_name,))
    # Describe calls have no resources to narrow them to.
    return [
        Statement("Look", _READ_ACTIONS, ("*",)),
        Statement("FindCertificates", ("acm:ListCertificates", "acm:DescribeCertificate"), ("*",)),
        Statement(
            "AttachFirewall",
            (
                "wafv2:GetWebACL",
                "wafv2:GetWebACLForResource",
                "wafv2:AssociateWebACL",
                "wafv2:DisassociateWebACL",
            ),
            (
                scope.arn("wafv2", "regional/webacl/*"),
                scope.arn("elasticloadbalancing", "loadbalancer/app/*"),
            ),
        ),
        Statement(
            "MakeBalancing",
            ("elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"),
            balancing[:2],
            conditions=(requested,),
        ),
        Statement("ChangeBalancing", _CHANGE_ACTIONS, balancing, conditions=(owned,)),
        Statement(
            "MakeListeners",
            (
                "elasticloadbalancing:CreateListener",
                "elasticloadbalancing:DeleteListener",
                "elasticloadbalancing:CreateRule",
                "elasticloadbalancing:DeleteRule",
                "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:ModifyListenerAttributes",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:SetRulePriorities",
                "elasticloadbalancing:AddListenerCertificates",
                "elasticloadbalancing:RemoveListenerCertificates",
                "elasticloadbalancing:SetWebAcl",
            ),
            balancing,
        ),
        Statement(
            "TagNew",
            ("elasticloadbalancing:AddTags",),
            balancing,
            conditions=(
                Condition(
                    "StringEquals",
                    "elasticloadbalancing:CreateAction",
                    ("CreateTargetGroup", "CreateLoadBalancer", "CreateListener", "CreateRule"),
                ),
            ),
        ),
        Statement(
            "RegisterTargets",
            ("elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"),
            balancing[1:2],
        ),
        Statement("MakeGroups", ("ec2:CreateSecurityGroup",), (*groups, scope.arn("ec2", "vpc/*"))),
        Statement(
            "TagGroups",
            ("ec2:CreateTags", "ec2:DeleteTags"),
            groups,
            conditions=(_null_or_owned(cluster_name),),
        ),
        Statement("DeleteGroups", ("ec2:DeleteSecurityGroup",), groups, conditions=(owned,)),
        Statement(
            # The groups of nodes, which bear no tag of the controller, are opened to the load balancer.
            "OpenGroups",
            ("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"),
            groups,
        ),
        Statement(
            "ServiceLinkedRole",
            ("iam:CreateServiceLinkedRole",),
            (scope.global_arn("iam", "role/aws-service-role/elasticloadbalancing.amazonaws.com/*"),),
            conditions=(
                Condition("StringEquals", "iam:AWSServiceName", ("elasticloadbalancing.amazonaws.com",)),
            ),
        ),
    ]


def _null_or_owned(cluster_name: str) -> Condition:
    return Condition("StringEqualsIfExists", f"aws:RequestTag/{_CLUSTER_TAG}", (cluster_name,))


class LoadBalancerController(pulumi.ComponentResource):
    """The controller, with a role of its own."""

    release: Release

    def __init__(
        self,
        name: str,
        platform: Platform,
        vpc_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Install the controller; its chart brings the ingress class."""
        super().__init__("berth:eks:LoadBalancerController", name, None, opts)
        scope = platform.scope
        role = Role(
            name,
            RoleArgs(
                scope=scope,
                part="load-balancer-controller",
                description=f"Makes the load balancer of {platform.cluster_name}",
                trust=service_account_trust(platform.issuer, ACCOUNT),
                statements=controller_statements(scope, platform.cluster_name),
            ),
            pulumi.ResourceOptions(parent=self),
        )
        values = {
            "clusterName": platform.cluster_name,
            "region": scope.region,
            "vpcId": vpc_id,
            "ingressClass": INGRESS_CLASS,
            "serviceAccount": {"name": ACCOUNT.name, "annotations": role_annotation(role.arn)},
            "defaultTags": dict(scope.tags),
        }
        installation = Installation(LOAD_BALANCER_CONTROLLER, ACCOUNT.name, ACCOUNT.namespace, values)
        self.release = install(name, installation, platform, self, role.policies)
        self.register_outputs({})


def make_auto_mode_ingress_class(
    platform: Platform,
    subnet_ids: tuple[pulumi.Input[str], ...],
    *,
    is_internal: bool,
    parent: pulumi.Resource,
) -> IngressClass:
    """Make the ingress class by which EKS Auto Mode's own controller makes load balancers.

    https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html
    """
    parameters = CustomResource(
        "ingress-parameters",
        api_version="eks.amazonaws.com/v1",
        kind="IngressClassParams",
        metadata=ObjectMetaArgs(name=INGRESS_CLASS),
        spec={
            "scheme": "internal" if is_internal else "internet-facing",
            "group": {"name": platform.scope.prefix},
            "subnets": {"ids": list(subnet_ids)},
        },
        opts=platform.inside(parent),
    )
    return IngressClass(
        "ingress-class",
        metadata=ObjectMetaArgs(name=INGRESS_CLASS),
        spec=IngressClassSpecArgs(
            controller="eks.amazonaws.com/alb",
            parameters=IngressClassParametersReferenceArgs(
                api_group="eks.amazonaws.com", kind="IngressClassParams", name=INGRESS_CLASS
            ),
        ),
        opts=platform.inside(parent, [parameters]),
    )
