"""AWS App Mesh by its controller: the mesh, and what puts pods into it.

AWS ended App Mesh on 2026-09-30; what is made here runs in the sandbox.
https://aws.github.io/aws-app-mesh-controller-for-k8s/reference/api_spec/
"""

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.components.policy import Statement
from programs.components.scope import Scope
from programs.eks.charts import APP_MESH_CONTROLLER
from programs.eks.controller import Controller, ControllerArgs
from programs.eks.platform import Platform
from programs.eks.roles import ServiceAccount
from programs.request.mesh import Mesh

ACCOUNT = ServiceAccount("appmesh-system", "appmesh-controller")
API_VERSION = "appmesh.k8s.aws/v1beta2"
_MESH_LABEL = "mesh"
_INJECTION = "appmesh.k8s.aws/sidecarInjectorWebhook"
POD_ANNOTATIONS = {_INJECTION: "enabled"}
"""By these a pod gets an Envoy: https://aws.github.io/aws-app-mesh-controller-for-k8s/reference/injector/."""

_KEEP_ACTIONS = (
    "appmesh:Create*",
    "appmesh:Delete*",
    "appmesh:Describe*",
    "appmesh:List*",
    "appmesh:Update*",
    "appmesh:TagResource",
    "appmesh:UntagResource",
)


def mesh_name(scope: Scope) -> str:
    """Return the mesh's name."""
    return scope.name("")


def namespace_labels(scope: Scope) -> tuple[tuple[str, str], ...]:
    """Return the labels by which the controller looks after a namespace's pods that ask for an Envoy.

    Pods that do not, such as those of a schedule, are left alone: they have no virtual node. The init
    container beside Envoy changes the pod's network, which Pod Security `restricted` does not admit.
    """
    return (
        (_MESH_LABEL, mesh_name(scope)),
        (_INJECTION, "disabled"),
        ("pod-security.kubernetes.io/enforce", "privileged"),
    )


class AppMesh(pulumi.ComponentResource):
    """The controller and the mesh."""

    ready: list[pulumi.Resource]

    def __init__(
        self, name: str, platform: Platform, settings: Mesh, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Install the controller and make the mesh."""
        super().__init__("berth:eks:AppMesh", name, None, opts)
        scope = platform.scope
        controller = Controller(
            name,
            ControllerArgs(
                platform=platform,
                chart=APP_MESH_CONTROLLER,
                account=ACCOUNT,
                purpose="Keeps the mesh",
                statements=mesh_statements(scope, settings),
                values={"region": scope.region, "accountId": scope.account_id},
            ),
            pulumi.ResourceOptions(parent=self),
        )
        mesh = CustomResource(
            f"{name}-mesh",
            api_version=API_VERSION,
            kind="Mesh",
            metadata=ObjectMetaArgs(name=mesh_name(scope)),
            spec={
                "namespaceSelector": {"matchLabels": {_MESH_LABEL: mesh_name(scope)}},
                # As on ECS: pods may also call addresses outside the mesh.
                "egressFilter": {"type": "ALLOW_ALL"},
            },
            opts=platform.reaching_out(self, [controller.release]),
        )
        self.ready = [controller.release, mesh]
        self.register_outputs({})


def mesh_statements(scope: Scope, settings: Mesh) -> list[Statement]:
    """Return the controller's rights: meshes of this account, and to look at what they refer to.

    https://raw.githubusercontent.com/aws/aws-app-mesh-controller-for-k8s/master/config/iam/controller-iam-policy.json
    """
    meshes = (scope.arn("appmesh", "mesh/*"),)
    statements = [
        Statement("KeepMesh", _KEEP_ACTIONS, meshes),
        # Lists, and Cloud Map's own look-ups, have no resources to narrow them to.
        Statement(
            "Look",
            (
                "appmesh:ListMeshes",
                "servicediscovery:ListServices",
                "servicediscovery:ListNamespaces",
                "acm:ListCertificates",
                "acm-pca:ListCertificateAuthorities",
            ),
            ("*",),
        ),
    ]
    if settings.mtls is not None:
        authority = settings.mtls.certificate_authority_arn
        certificates = (scope.arn("acm", "certificate/*"),)
        statements += [
            Statement("CheckCertificates", ("acm:DescribeCertificate",), certificates),
            Statement("CheckAuthority", ("acm-pca:DescribeCertificateAuthority",), (authority,)),
        ]
    return statements
