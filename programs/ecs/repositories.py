"""The environment's own image repositories."""

import pulumi

from programs.components.image_repository import ImageRepository, ImageRepositoryArgs
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
