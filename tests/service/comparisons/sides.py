"""Plans of both sides by hand, small enough to check by eye."""

from typing import Any

from programs.request.costs import CostAssumptions
from service.comparisons.application import adapt_application
from service.comparisons.model import Comparison, Planned, ReadyTime, compare
from service.costs.planned import PlannedResource
from service.pricing.load import read_table
from service.recommendations.questionnaire import KubernetesExperience, OperationsCapacity, Questionnaire
from service.state.json_values import JsonValue
from tests.service.costs.plans import service

APPLICATION: dict[str, Any] = {
    "name": "shop",
    "team": "storefront",
    "region": "us-east-1",
    "workloads": [
        {
            "name": "web",
            "image": "public.ecr.aws/nginx/nginx:1.27",
            "cpu_units": 1024,
            "memory_mib": 2048,
            "replicas": {"min": 1, "desired": 2, "max": 6},
            "scaling": {"cpu_percent": 70},
        }
    ],
}
ANSWERS = Questionnaire(
    kubernetes_experience=KubernetesExperience.SOME, operations_capacity=OperationsCapacity.PART_TIME
)


def _resource(kind: str, name: str, **inputs: JsonValue) -> PlannedResource:
    return PlannedResource(kind, name, f"urn:{name}", inputs)


def ecs_plan() -> tuple[PlannedResource, ...]:
    """Return a service of two to six tasks behind a load balancer, with a NAT gateway."""
    target = _resource(
        "aws:appautoscaling/target:Target",
        "target",
        resourceId="service/shop/web",
        minCapacity=1,
        maxCapacity=6,
    )
    return (
        *service("web", count=2, cpu_units=1024, memory_mib=2048),
        target,
        _resource("aws:lb/loadBalancer:LoadBalancer", "entrance", subnets=["a", "b"]),
        _resource("aws:ec2/natGateway:NatGateway", "nat"),
        _resource("aws:ecs/cluster:Cluster", "cluster"),
    )


def eks_plan() -> tuple[PlannedResource, ...]:
    """Return a cluster with a node group, a deployment and an ingress."""
    container = {"resources": {"requests": {"cpu": "1", "memory": "2Gi"}}}
    metadata = {"name": "web", "namespace": "shop"}
    internet = {"alb.ingress.kubernetes.io/scheme": "internet-facing"}
    scaling = {"minSize": 1, "desiredSize": 2, "maxSize": 4}
    return (
        _resource("aws:eks/cluster:Cluster", "cluster", upgradePolicy={"supportType": "STANDARD"}),
        _resource(
            "aws:eks/nodeGroup:NodeGroup", "general", instanceTypes=["m6i.large"], scalingConfig=scaling
        ),
        _resource(
            "kubernetes:apps/v1:Deployment",
            "web",
            metadata=metadata,
            spec={"replicas": 2, "template": {"spec": {"containers": [container]}}},
        ),
        _resource(
            "kubernetes:networking.k8s.io/v1:Ingress",
            "entrance",
            metadata={**metadata, "annotations": internet},
        ),
        _resource("aws:ec2/natGateway:NatGateway", "nat"),
    )


def comparison(application: dict[str, Any] = APPLICATION) -> Comparison:
    """Return the comparison of an application with the plans above."""
    ecs, eks = adapt_application(application)
    return compare(
        Planned(ecs, ecs_plan() if ecs.request else None),
        Planned(eks, eks_plan() if eks.request else None, ReadyTime(1020, 3, is_simulated=False)),
        read_table("us-east-1"),
        assumptions=CostAssumptions(),
        answers=ANSWERS,
    )
