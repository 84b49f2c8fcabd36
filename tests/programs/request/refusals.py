"""Requests to be refused, built from one that is accepted, and what a refusal must say."""

import pytest
from pydantic import ValidationError

from programs.request import parse_request

Refusal = tuple[str, object, tuple[int | str, ...], str]
"""What is wrong with the document, the document, the place of the error, and a part of its message."""

WEB = {"name": "web", "image": "public.ecr.aws/nginx/nginx:1.27", "ports": [{"port": 80}], "public": {}}
API = {"name": "api", "image": "public.ecr.aws/nginx/nginx:1.27", "ports": [{"port": 80}]}
ECS = {"name": "hello", "team": "storefront", "orchestrator": "ecs", "workloads": [WEB]}
EKS = {**ECS, "orchestrator": "eks"}


def web(**changes: object) -> dict[str, object]:
    """An ECS request whose one workload has these changes."""
    return {**ECS, "workloads": [{**WEB, **changes}]}


def eks_web(**changes: object) -> dict[str, object]:
    """An EKS request whose one workload has these changes."""
    return {**EKS, "workloads": [{**WEB, **changes}]}


def private(**changes: object) -> dict[str, object]:
    """An ECS request whose one workload is private and has these changes."""
    return {**ECS, "workloads": [{**API, **changes}]}


def cluster(**settings: object) -> dict[str, object]:
    """An EKS request with this cluster."""
    return {**EKS, "cluster": settings}


def group(**settings: object) -> dict[str, object]:
    """An EKS request with one node group."""
    return cluster(node_groups={"general": settings})


def errors_of(document: object) -> dict[tuple[int | str, ...], str]:
    """The messages of a refused document, by place."""
    with pytest.raises(ValidationError) as refused:
        parse_request(document)
    return {error["loc"]: error["msg"] for error in refused.value.errors()}


def refusals(cases: list[Refusal]) -> pytest.MarkDecorator:
    """Run a test for each case, named for what is wrong in it."""
    names = ("document", "place", "fragment")
    return pytest.mark.parametrize(names, [case[1:] for case in cases], ids=[case[0] for case in cases])


def assert_refused(document: object, place: tuple[int | str, ...], fragment: str) -> None:
    """Check that there is an error at the place, and that it says what to write."""
    errors = errors_of(document)
    assert place in errors, errors
    assert fragment in errors[place]
