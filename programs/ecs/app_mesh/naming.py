"""Names and ARNs of a mesh's parts, known before any of them is made."""

from programs.components.scope import Scope

CANARY_SUFFIX = "-canary"
GATEWAY = "mesh-gateway"


def mesh_name(scope: Scope) -> str:
    """Return the mesh's name."""
    return scope.name("", 255)


def virtual_node_arn(scope: Scope, node: str) -> str:
    """Return the ARN that a node's Envoy introduces itself with."""
    return scope.arn("appmesh", f"mesh/{mesh_name(scope)}/virtualNode/{node}")


def virtual_gateway_arn(scope: Scope) -> str:
    """Return the ARN that the gateway's Envoy introduces itself with."""
    return scope.arn("appmesh", f"mesh/{mesh_name(scope)}/virtualGateway/{GATEWAY}")
