"""The image registry part: Amazon ECR repositories, with immutable tags, scan on push and KMS always."""

from typing import Annotated

from pydantic import Field, StringConstraints

from programs.request.identifiers import AccountId, RepositoryName
from programs.request.strict import Integer, StrictModel

TagPrefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", max_length=40)]


class KeepTagged(StrictModel):
    """Which tagged images a repository keeps."""

    prefixes: tuple[TagPrefix, ...] = Field(
        default=("v",),
        title="Tag prefixes",
        description="Images whose tags begin with one of these are counted and the newest kept.",
        min_length=1,
        max_length=10,
        examples=[["v"], ["v", "release-"]],
    )
    count: Integer = Field(
        default=10,
        title="Images kept",
        description="How many of them each repository keeps, newest first.",
        ge=1,
        le=1000,
        examples=[10],
    )


class Registry(StrictModel):
    """The environment's own image repositories."""

    repositories: tuple[RepositoryName, ...] = Field(
        default=(),
        title="Repositories",
        description="Names of the repositories to make; workloads refer to them as "
        "`image: {repository, tag}`. They are prefixed with team and environment in the account.",
        max_length=50,
        examples=[["frontend", "backend", "worker"]],
    )
    keep_tagged: KeepTagged = Field(
        default=KeepTagged(),
        title="Tagged images kept",
        description="The rule by which tagged images are kept.",
        examples=[{"prefixes": ["v"], "count": 10}],
    )
    expire_untagged_days: Integer = Field(
        default=1,
        title="Untagged images expire",
        description="Days after which an image without a tag is deleted.",
        ge=1,
        le=365,
        examples=[1],
    )
    pull_accounts: tuple[AccountId, ...] = Field(
        default=(),
        title="Accounts that may pull",
        description="Twelve-digit ids of other AWS accounts that may pull the images.",
        max_length=50,
        examples=[["222222222222"]],
    )
