"""From a document (JSON or YAML, already read) to a request."""

from collections.abc import Mapping
from typing import cast

from programs.request.environment import EcsEnvironment, EksEnvironment
from programs.request.rules.problem import Problem, raise_problems


def parse_request(document: object) -> EcsEnvironment | EksEnvironment:
    """Check a document and return the request it makes.

    Raises:
        pydantic.ValidationError: naming every place that is wrong and what to write there; each `loc` is the
            place in the document itself.
    """
    if not isinstance(document, Mapping):
        raise_problems(
            "request", [Problem((), "expected a mapping with the keys name, team, orchestrator, workloads")]
        )
    fields = cast("Mapping[str, object]", document)
    orchestrator = fields.get("orchestrator")
    if orchestrator == "ecs":
        return EcsEnvironment.model_validate(fields)
    if orchestrator == "eks":
        return EksEnvironment.model_validate(fields)
    missing = "`orchestrator` is required" if orchestrator is None else "no such orchestrator"
    raise_problems("request", [Problem(("orchestrator",), f"{missing}; write ecs or eks")])
    raise AssertionError  # pragma: no cover -- the line above always raises
