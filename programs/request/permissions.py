"""IAM statements of a workload's own role."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from programs.request.strict import StrictModel

IamAction = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+:[A-Za-z0-9*]+$", max_length=128)]
"""`service:Action`; a bare `*` is not one."""

IamResource = Annotated[str, StringConstraints(pattern=r"^(\*|arn:aws[a-z-]*:.+)$", max_length=2048)]
"""An ARN, or `*` for the actions for which AWS allows nothing else."""


class Effect(StrEnum):
    """What a statement does."""

    ALLOW = "allow"
    DENY = "deny"


class Condition(StrictModel):
    """A condition under which a statement holds."""

    test: str = Field(
        title="Operator",
        description="IAM condition operator.",
        pattern=r"^[A-Za-z:]+$",
        max_length=60,
        examples=["StringEquals"],
    )
    variable: str = Field(
        title="Key",
        description="IAM condition key.",
        min_length=3,
        max_length=256,
        examples=["aws:RequestedRegion"],
    )
    values: tuple[str, ...] = Field(
        title="Values",
        description="Values, one of which must match.",
        min_length=1,
        max_length=50,
        examples=[["eu-central-1"]],
    )


class Permission(StrictModel):
    """What a workload may do in AWS, beyond reading the secrets it names."""

    effect: Effect = Field(
        default=Effect.ALLOW, title="Effect", description="`allow` or `deny`.", examples=["allow"]
    )
    actions: tuple[IamAction, ...] = Field(
        title="Actions",
        description="IAM actions.",
        min_length=1,
        max_length=100,
        examples=[["s3:GetObject", "s3:PutObject"]],
    )
    resources: tuple[IamResource, ...] = Field(
        title="Resources",
        description="ARNs the actions may touch; `*` only for actions that AWS cannot narrow.",
        min_length=1,
        max_length=100,
        examples=[["arn:aws:s3:::shop-uploads/*"]],
    )
    conditions: tuple[Condition, ...] = Field(
        default=(),
        title="Conditions",
        description="Conditions, all of which must hold.",
        max_length=10,
        examples=[[{"test": "StringEquals", "variable": "aws:RequestedRegion", "values": ["eu-central-1"]}]],
    )
