"""VPC Lattice by the Gateway API: one service network, a route for each workload that listens.

https://www.gateway-api-controller.eks.aws.dev/
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.components.policy import Condition, Statement
from programs.components.scope import Scope
from programs.components.security_group import TCP
from programs.eks.charts import GATEWAY_API, GATEWAY_CONTROLLER, Installation, install
from programs.eks.controller import Controller, ControllerArgs
from programs.eks.naming import namespace_of, object_labels
from programs.eks.platform import Platform
from programs.eks.roles import ServiceAccount
from programs.planning.names import KUBERNETES_NAME_LIMIT
from programs.request.containers import BALANCED_PROTOCOLS
from programs.request.mesh import Mesh
from programs.request.workload import Workload

ACCOUNT = ServiceAccount("kube-system", "gateway-api-controller")
GATEWAY_CLASS = "amazon-vpc-lattice"
_API_VERSION = "gateway.networking.k8s.io/v1"
_KEEP_ACTIONS = (
    "vpc-lattice:Create*",
    "vpc-lattice:Delete*",
    "vpc-lattice:Get*",
    "vpc-lattice:Update*",
    "vpc-lattice:ListListeners",
    "vpc-lattice:ListRules",
    "vpc-lattice:ListTagsForResource",
    "vpc-lattice:ListTargets",
    "vpc-lattice:DeregisterTargets",
    "vpc-lattice:RegisterTargets",
    "vpc-lattice:TagResource",
    "vpc-lattice:UntagResource",
)
LATTICE_BLOCK = "169.254.171.0/24"
"""What VPC Lattice calls its targets from: the IPv4 addresses of services in its managed prefix list.

By its addresses, since the list's id differs by region and a program looks nothing up. Pods have IPv4
addresses alone here. https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html
"""

_HTTP_PORT = 80
_HTTPS_PORT = 443


def gateway_name(scope: Scope) -> str:
    """Return the name of the gateway, which becomes the service network's."""
    return scope.name("", KUBERNETES_NAME_LIMIT)


@dataclass(frozen=True, slots=True)
class LatticeArgs:
    """Where the service network is, whether it is spoken to over TLS, and which workloads it leads to.

    `security_group_id` is the group of nodes and pods.
    """

    platform: Platform
    mesh: Mesh
    vpc_id: pulumi.Input[str]
    security_group_id: pulumi.Input[str]
    workloads: Sequence[Workload]


class Lattice(pulumi.ComponentResource):
    """The controller of VPC Lattice, and the gateway that stands for the environment's service network."""

    ready: list[pulumi.Resource]

    def __init__(self, name: str, args: LatticeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Install the controller and make the gateway."""
        super().__init__("berth:eks:Lattice", name, None, opts)
        platform, scope = args.platform, args.platform.scope
        kinds = install(
            f"{name}-kinds",
            Installation(
                GATEWAY_API,
                "gateway-api",
                "kube-system",
                {"crds": {"gatewayAPI": {"enabled": True}, "envoyGateway": {"enabled": False}}},
            ),
            platform,
            self,
        )
        controller = Controller(
            name,
            ControllerArgs(
                platform=platform,
                chart=GATEWAY_CONTROLLER,
                account=ACCOUNT,
                purpose="Keeps the service network",
                statements=lattice_statements(scope),
                values={
                    "awsRegion": scope.region,
                    "awsAccountId": scope.account_id,
                    "clusterVpcId": args.vpc_id,
                    "clusterName": platform.cluster_name,
                    "defaultServiceNetwork": gateway_name(scope),
                },
                depends_on=[kinds],
            ),
            pulumi.ResourceOptions(parent=self),
        )
        gateway_class = CustomResource(
            f"{name}-class",
            api_version=_API_VERSION,
            kind="GatewayClass",
            metadata=ObjectMetaArgs(name=GATEWAY_CLASS),
            spec={"controllerName": "application-networking.k8s.aws/gateway-api-controller"},
            opts=platform.inside(self, [controller.release]),
        )
        gateway = CustomResource(
            f"{name}-gateway",
            api_version=_API_VERSION,
            kind="Gateway",
            metadata=ObjectMetaArgs(name=gateway_name(scope), namespace="kube-system"),
            spec={"gatewayClassName": GATEWAY_CLASS, "listeners": [_listener(args.mesh)]},
            opts=platform.reaching_out(self, [gateway_class]),
        )
        self._admit_requests(name, args)
        self.ready = [controller.release, gateway]
        self.register_outputs({})

    def _admit_requests(self, name: str, args: LatticeArgs) -> None:
        """Let VPC Lattice into the pods' ports that it routes to.

        https://www.gateway-api-controller.eks.aws.dev/latest/guides/deploy/, 'Allow traffic'
        """
        for port in sorted({workload.ports[0].port for workload in args.workloads if is_routed(workload)}):
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-requests-{port}",
                security_group_id=args.security_group_id,
                cidr_ipv4=LATTICE_BLOCK,
                ip_protocol=TCP,
                from_port=port,
                to_port=port,
                description="Requests and health checks of VPC Lattice",
                tags=args.platform.scope.tags,
                opts=pulumi.ResourceOptions(parent=self),
            )


def _listener(mesh: Mesh) -> dict[str, object]:
    anybody = {"namespaces": {"from": "All"}}
    if not mesh.tls:
        return {"name": "http", "protocol": "HTTP", "port": _HTTP_PORT, "allowedRoutes": anybody}
    # VPC Lattice has a certificate of its own for the names it makes; the reference is a formality.
    tls = {"mode": "Terminate", "certificateRefs": [{"name": "unused"}]}
    return {"name": "https", "protocol": "HTTPS", "port": _HTTPS_PORT, "allowedRoutes": anybody, "tls": tls}


def is_routed(workload: Workload) -> bool:
    """Return whether Lattice carries what the workload's first port speaks."""
    return bool(workload.ports) and workload.ports[0].protocol in BALANCED_PROTOCOLS


def gateway_reference(scope: Scope, mesh: Mesh) -> dict[str, str]:
    """Return how a route names the environment's gateway, and the listener of it."""
    section = "https" if mesh.tls else "http"
    return {"name": gateway_name(scope), "namespace": "kube-system", "sectionName": section}


def make_route(
    name: str, workload: Workload, scope: Scope, mesh: Mesh, opts: pulumi.ResourceOptions
) -> CustomResource | None:
    """Make the route to a workload's first port; None where it has none that Lattice carries."""
    if not is_routed(workload):
        return None
    return CustomResource(
        f"{name}-route",
        api_version=_API_VERSION,
        kind="HTTPRoute",
        metadata=ObjectMetaArgs(
            name=workload.name, namespace=namespace_of(workload.name), labels=object_labels(scope, workload)
        ),
        spec={
            "parentRefs": [gateway_reference(scope, mesh)],
            "rules": [
                {
                    "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                    "backendRefs": [
                        {"name": workload.name, "kind": "Service", "port": workload.ports[0].port}
                    ],
                }
            ],
        },
        opts=opts,
    )


def lattice_statements(scope: Scope) -> list[Statement]:
    """Return the controller's rights: Lattice of this account and region.

    https://www.gateway-api-controller.eks.aws.dev/latest/guides/deploy/
    """
    kinds = ("service", "servicenetwork", "targetgroup", "servicenetworkvpcassociation")
    made = tuple(
        scope.arn("vpc-lattice", f"{kind}/*") for kind in (*kinds, "servicenetworkserviceassociation")
    )
    linked = Condition("StringEquals", "iam:AWSServiceName", ("vpc-lattice.amazonaws.com",))
    role = scope.global_arn(
        "iam", "role/aws-service-role/vpc-lattice.amazonaws.com/AWSServiceRoleForVpcLattice"
    )
    return [
        Statement("KeepLattice", _KEEP_ACTIONS, made),
        # Lists and describe calls have no resources to narrow them to.
        Statement(
            "Look",
            (
                "vpc-lattice:ListServiceNetworks",
                "vpc-lattice:ListServices",
                "vpc-lattice:ListServiceNetworkServiceAssociations",
                "vpc-lattice:ListServiceNetworkVpcAssociations",
                "vpc-lattice:ListTargetGroups",
                "ec2:DescribeVpcs",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeManagedPrefixLists",
                "ec2:GetManagedPrefixListEntries",
                "tag:GetResources",
            ),
            ("*",),
        ),
        Statement("ServiceLinkedRole", ("iam:CreateServiceLinkedRole",), (role,), conditions=(linked,)),
    ]
