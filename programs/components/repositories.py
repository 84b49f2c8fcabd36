"""The environment's own image repositories."""

from collections.abc import Sequence

import pulumi

from programs.components.image_repository import ImageRepository, ImageRepositoryArgs, repository_url
from programs.components.key import EncryptionKey
from programs.components.scope import Scope
from programs.request.registry import Registry


def make_repositories(
    registry: Registry, scope: Scope, key: EncryptionKey, opts: pulumi.ResourceOptions
) -> None:
    """Make each repository under the rules that the request has for all of them."""
    for repository in registry.repositories:
        args = ImageRepositoryArgs(
            scope=scope,
            repository=repository,
            key_arn=key.arn,
            keep_prefixes=registry.keep_tagged.prefixes,
            keep_count=registry.keep_tagged.count,
            expire_untagged_days=registry.expire_untagged_days,
            pull_accounts=registry.pull_accounts,
        )
        ImageRepository(repository, args, opts)


def push_commands(scope: Scope, repository: str) -> Sequence[str]:
    """Return the commands that log in to the registry, build an image and push it."""
    url = repository_url(scope, repository)
    registry = url.split("/", 1)[0]
    login = f"aws ecr get-login-password --region {scope.region}"
    return [
        f"{login} | docker login --username AWS --password-stdin {registry}",
        f"docker build --tag {url}:$TAG .",
        f"docker push {url}:$TAG",
    ]
