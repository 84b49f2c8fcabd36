"""VPC Lattice: what it routes to lets it in, and nothing else does."""

from typing import Any

from tests.programs.eks.plans import of_kind
from tests.programs.eks.variants import Document, api, request, web
from tests.programs.recording import plan

_LATTICE = "169.254.171.0/24"
_MESH = {"kind": "vpc_lattice"}


def _blocks(document: Document, workload: str) -> list[str]:
    """The blocks of addresses that may call a workload, port by port."""
    policies = [
        one["spec"]
        for one in of_kind(plan(document), "NetworkPolicy")
        if one["metadata"] == {**one["metadata"], "namespace": workload, "name": "callers"}
    ]
    rules: list[dict[str, Any]] = [rule for spec in policies for rule in spec["ingress"]]
    return [peer["ipBlock"]["cidr"] for rule in rules for peer in rule["from"] if "ipBlock" in peer]


def test_routed_workloads_admit_lattice() -> None:
    """A route would lead nowhere if pods, closed to all but their callers, did not let Lattice in."""
    document = request(api(), mesh=_MESH)
    assert _blocks(document, "api") == [_LATTICE]
    assert _blocks(request(api()), "api") == []


def test_public_workloads_admit_the_load_balancer_too() -> None:
    """Lattice comes in addition to the load balancer's subnets."""
    with_mesh, without = request(web(), mesh=_MESH), request(web())
    assert _blocks(with_mesh, "web") == [*_blocks(without, "web"), _LATTICE]


def test_what_lattice_does_not_carry_stays_closed() -> None:
    """No route, no way in."""
    document = request(api(ports=[{"port": 5432, "protocol": "tcp"}]), mesh=_MESH)
    assert _blocks(document, "api") == []


def test_the_nodes_admit_lattice_to_the_routed_ports() -> None:
    """The group of nodes and pods has one rule for each port that a route leads to."""
    tcp = {"name": "db", "image": "db:1", "ports": [{"port": 5432, "protocol": "tcp"}]}
    rules = plan(request(web(), api(), tcp, mesh=_MESH)).of_type(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    )
    asked = [(one.inputs["cidrIpv4"], one.inputs["fromPort"], one.inputs["toPort"]) for one in rules]
    assert asked == [(_LATTICE, 8080, 8080)]


def test_flagger_has_the_route_of_what_it_delivers_to_itself() -> None:
    """It makes an HTTPRoute of the workload's name on the gateway it is told of; nobody else makes one."""
    canary = web(rollout={"strategy": "canary"})
    plans = plan(request(canary, api(), cluster={"delivery": "flagger"}, mesh={**_MESH, "tls": True}))
    (route,) = of_kind(plans, "HTTPRoute")
    (flagged,) = of_kind(plans, "Canary")
    assert route["metadata"]["name"] == "api"
    assert flagged["spec"]["service"]["gatewayRefs"] == route["spec"]["parentRefs"]
    assert route["spec"]["parentRefs"][0]["sectionName"] == "https"
