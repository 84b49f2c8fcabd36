"""A whole request: the fields of `shape.py` under the rules of `rules/`."""

from collections.abc import Mapping
from typing import Annotated, Self, cast

from pydantic import Field, model_validator

from programs.request.class_defaults import with_class_defaults
from programs.request.rules.ecs import ecs_problems
from programs.request.rules.eks import eks_problems
from programs.request.rules.problem import raise_problems
from programs.request.rules.shared import shared_problems
from programs.request.shape import EcsShape, EksShape


def _fill(document: object) -> object:
    if not isinstance(document, Mapping):
        return document
    return with_class_defaults(cast("Mapping[str, object]", document))


class EcsEnvironment(EcsShape):
    """An environment on Amazon ECS."""

    @model_validator(mode="before")
    @classmethod
    def _fill_class_defaults(cls, document: object) -> object:
        return _fill(document)

    @model_validator(mode="after")
    def _obeys_rules(self) -> Self:
        raise_problems("EcsEnvironment", (*shared_problems(self), *ecs_problems(self)))
        return self


class EksEnvironment(EksShape):
    """An environment on Amazon EKS."""

    @model_validator(mode="before")
    @classmethod
    def _fill_class_defaults(cls, document: object) -> object:
        return _fill(document)

    @model_validator(mode="after")
    def _obeys_rules(self) -> Self:
        raise_problems("EksEnvironment", (*shared_problems(self), *eks_problems(self)))
        return self


EnvironmentRequest = Annotated[EcsEnvironment | EksEnvironment, Field(discriminator="orchestrator")]
"""The request, by its orchestrator."""
