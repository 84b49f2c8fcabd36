"""Load balancers that controllers make for ingresses and services of type LoadBalancer."""

from collections.abc import Iterator

from service.costs.planned import PlannedResource
from service.costs.quote import Quote, Quoter
from service.costs.reading import text_at, value_at
from service.costs.rules.network import SUBNET, balancer_charges

INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
_GROUP = "alb.ingress.kubernetes.io/group.name"
_SCHEME = "alb.ingress.kubernetes.io/scheme"
_LEAST_ZONES = 2


def price_ingress(ingress: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge the load balancer of an ingress; those of one group share one, and the first carries it.

    https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
    """
    group = _annotation(ingress, _GROUP)
    members = [
        other
        for other in quoter.plan.of_type(INGRESS)
        if group is not None and _annotation(other, _GROUP) == group
    ]
    if members and members[0].urn != ingress.urn:
        return
    is_public = _annotation(ingress, _SCHEME) == "internet-facing"
    zones = max(_LEAST_ZONES, _zones(quoter))
    yield from balancer_charges(ingress, quoter, is_network=False, public_zones=zones if is_public else 0)


def price_kubernetes_service(service: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge the network load balancer of a service of type LoadBalancer; others cost nothing."""
    if text_at(service.inputs, "spec", "type") == "LoadBalancer":
        yield from balancer_charges(service, quoter, is_network=True, public_zones=_LEAST_ZONES)


def _annotation(resource: PlannedResource, key: str) -> str | None:
    annotations = value_at(resource.inputs, "metadata", "annotations")
    value = annotations.get(key) if isinstance(annotations, dict) else None
    return value if isinstance(value, str) else None


def _zones(quoter: Quoter) -> int:
    """Count the zones of the plan's subnets."""
    zones = {text_at(subnet.inputs, "availabilityZone") for subnet in quoter.plan.of_type(SUBNET)}
    return len(zones - {None})
