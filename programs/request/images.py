"""Which image a container runs."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from programs.request.identifiers import ImageDigest, ImageTag, RepositoryName
from programs.request.strict import StrictModel

_REFERENCE = (
    r"^([a-zA-Z0-9.-]+(:[0-9]{1,5})?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
    r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$"
)

ImageReference = Annotated[str, StringConstraints(min_length=2, max_length=512, pattern=_REFERENCE)]
"""[registry/]repository[:tag][@digest], as the distribution project's reference grammar has it."""


class RepositoryImage(StrictModel):
    """An image of this environment's own registry, by tag or by digest."""

    repository: RepositoryName = Field(
        title="Repository", description="One of `registry.repositories`.", examples=["backend"]
    )
    tag: ImageTag | None = Field(
        default=None,
        title="Tag",
        description="The image's tag; tags are immutable.",
        examples=["v2.1.3"],
    )
    digest: ImageDigest | None = Field(
        default=None,
        title="Digest",
        description="The image's digest, in place of a tag.",
        examples=["sha256:" + "0" * 64],
    )

    @model_validator(mode="after")
    def _names_one_image(self) -> "RepositoryImage":
        if (self.tag is None) == (self.digest is None):
            raise ValueError("write either `tag` or `digest`, such as {repository: backend, tag: v1.0.0}")
        return self


def _spelling(value: object) -> str:
    return "<repository>" if isinstance(value, Mapping | RepositoryImage) else "<reference>"


Image = Annotated[
    Annotated[ImageReference, Tag("<reference>")] | Annotated[RepositoryImage, Tag("<repository>")],
    Discriminator(_spelling),
]
"""A reference (text) or an image of the environment's own registry (mapping)."""
