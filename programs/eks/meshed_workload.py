"""A workload's place in App Mesh: its node, how others reach it, and its certificate."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.components.envoy_rights import envoy_statements
from programs.components.policy import Statement
from programs.components.scope import Scope
from programs.eks.app_mesh import API_VERSION, mesh_name
from programs.eks.mesh_specs import listener_spec, virtual_router_spec
from programs.eks.naming import namespace_of, object_labels, selector_labels, service_host
from programs.eks.platform import Platform
from programs.request.mesh import Mesh
from programs.request.workload import Workload


@dataclass(frozen=True, slots=True)
class MeshedWorkloadArgs:
    """Who joins the mesh and whom it calls; `depends_on` are the mesh, its controller and the namespace."""

    platform: Platform
    workload: Workload
    mesh: Mesh
    callees: Sequence[str]
    depends_on: Sequence[pulumi.Resource]


class MeshedWorkload(pulumi.ComponentResource):
    """A virtual node, and for a workload that listens a router and a service that callers see.

    `made` must stand before its pods, which are not admitted without a node; `statements` are what the
    Envoys beside them need.
    """

    made: list[pulumi.Resource]
    statements: tuple[Statement, ...]

    def __init__(
        self, name: str, args: MeshedWorkloadArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the workload's part of the mesh."""
        super().__init__("berth:eks:MeshedWorkload", f"{name}-mesh", None, opts)
        self._name, self._args, self._workload = name, args, args.workload
        certificate = self._make_certificate()
        node = self._make_part("VirtualNode", self._node_spec(certificate), args.depends_on)
        self.made = [node]
        if self._workload.ports:
            self.made += self._make_service(node)
        scope, mtls = args.platform.scope, args.mesh.mtls
        self.statements = envoy_statements(
            (_node_arn(scope, self._workload),),
            (certificate.arn,) if certificate is not None else (),
            mtls.certificate_authority_arn if mtls is not None else None,
        )
        self.register_outputs({})

    def _make_certificate(self) -> aws.acm.Certificate | None:
        mtls = self._args.mesh.mtls
        if mtls is None or not self._workload.ports:
            return None
        # All names of the namespace, which is the workload's alone: its host can be longer than the 64
        # characters that ACM takes. https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
        names = f"*.{namespace_of(self._workload.name)}.svc.cluster.local"
        return aws.acm.Certificate(
            f"{self._name}-certificate",
            domain_name=names,
            certificate_authority_arn=mtls.certificate_authority_arn,
            tags=self._args.platform.scope.tagged(names),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _node_spec(self, certificate: aws.acm.Certificate | None) -> dict[str, object]:
        workload, mesh = self._workload, self._args.mesh
        called = [{"name": callee, "namespace": namespace_of(callee)} for callee in self._args.callees]
        spec: dict[str, object] = {
            "awsName": workload.name,
            "podSelector": {"matchLabels": selector_labels(workload.name)},
            "backends": [{"virtualService": {"virtualServiceRef": reference}} for reference in called],
            "logging": {"accessLog": {"file": {"path": "/dev/stdout"}}},
        }
        if workload.ports:
            listener = listener_spec(workload, mesh)
            if certificate is not None:
                acm = {"acm": {"certificateARN": certificate.arn}}
                listener["tls"] = {"mode": "STRICT", "certificate": acm}
            spec["listeners"] = [listener]
            spec["serviceDiscovery"] = {"dns": {"hostname": service_host(workload.name)}}
        if mesh.mtls is not None:
            trust = {"acm": {"certificateAuthorityARNs": [mesh.mtls.certificate_authority_arn]}}
            tls = {"enforce": True, "validation": {"trust": trust}}
            spec["backendDefaults"] = {"clientPolicy": {"tls": tls}}
        return spec

    def _make_service(self, node: CustomResource) -> list[pulumi.Resource]:
        workload = self._workload
        router = self._make_part("VirtualRouter", virtual_router_spec(workload, self._args.mesh), [node])
        provider = {"virtualRouter": {"virtualRouterRef": {"name": workload.name}}}
        spec: dict[str, object] = {"awsName": service_host(workload.name), "provider": provider}
        return [router, self._make_part("VirtualService", spec, [router])]

    def _make_part(
        self, kind: str, spec: dict[str, object], depends_on: Sequence[pulumi.Resource]
    ) -> CustomResource:
        platform, workload = self._args.platform, self._workload
        return CustomResource(
            f"{self._name}-{kind}",
            api_version=API_VERSION,
            kind=kind,
            metadata=ObjectMetaArgs(
                name=workload.name,
                namespace=namespace_of(workload.name),
                labels=object_labels(platform.scope, workload),
            ),
            spec=spec,
            opts=platform.reaching_out(self, [*self._args.depends_on, *depends_on]),
        )


def _node_arn(scope: Scope, workload: Workload) -> str:
    return scope.arn("appmesh", f"mesh/{mesh_name(scope)}/virtualNode/{workload.name}")
