"""AWS's service models as botocore carries them, read as far as checking needs."""

from functools import cache

from botocore.loaders import Loader  # pyright: ignore[reportMissingTypeStubs] -- botocore has none
from pydantic import BaseModel, Field


class Member(BaseModel):
    """A reference to another shape."""

    shape: str


class Shape(BaseModel):
    """A type of a service model.

    `value` is a map's content, `member` a list's, `enumeration` what a text may be.
    """

    type: str
    members: dict[str, Member] = {}
    required: tuple[str, ...] = ()
    member: Member | None = None
    value: Member | None = None
    enumeration: tuple[str, ...] = Field(default=(), alias="enum")
    min: float | None = None
    max: float | None = None


class Operation(BaseModel):
    """A call of a service: the shape of what it takes."""

    input: Member | None = None


class ServiceModel(BaseModel):
    """A service's calls and types."""

    operations: dict[str, Operation]
    shapes: dict[str, Shape]

    def shape_of(self, member: Member) -> Shape:
        """The shape that a reference names."""
        return self.shapes[member.shape]


@cache
def service_model(service: str) -> ServiceModel:
    """The model of a service, by its name in botocore."""
    loaded: object = Loader().load_service_model(service, "service-2")  # pyright: ignore -- botocore is untyped
    return ServiceModel.model_validate(loaded)
