"""Image repositories: immutable tags, scanned on push, encrypted, cleaned up by rule."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.policy import Principal, PrincipalKind, Statement, policy_document
from programs.components.scope import Scope

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
_PULL_ACTIONS = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


@dataclass(frozen=True, slots=True)
class ImageRepositoryArgs:
    """One repository and its rules.

    Of the tags with one of `keep_prefixes` the last `keep_count` stay; untagged images go after
    `expire_untagged_days`; `pull_accounts` are account ids that may pull.
    """

    scope: Scope
    repository: str
    key_arn: pulumi.Input[str]
    keep_prefixes: tuple[str, ...]
    keep_count: int
    expire_untagged_days: int
    pull_accounts: tuple[str, ...] = ()


def repository_path(scope: Scope, repository: str) -> str:
    """Return a repository's name within the account's registry."""
    return f"{scope.team}/{scope.environment}/{repository}"


def repository_url(scope: Scope, repository: str) -> str:
    """Return the address images of a repository are pushed to and pulled from."""
    registry = f"{scope.account_id}.dkr.ecr.{scope.region}.{scope.dns_suffix}"
    return f"{registry}/{repository_path(scope, repository)}"


class ImageRepository(pulumi.ComponentResource):
    """An ECR repository."""

    url: str
    arn: str

    def __init__(
        self, name: str, args: ImageRepositoryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the repository, its lifecycle rules and, where accounts may pull, its policy."""
        super().__init__("berth:registry:ImageRepository", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        path = repository_path(args.scope, args.repository)
        repository = aws.ecr.Repository(
            f"{name}-repository",
            name=path,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=args.key_arn)
            ],
            force_delete=args.scope.is_ephemeral,
            tags=args.scope.tagged(path),
            opts=child,
        )
        aws.ecr.LifecyclePolicy(
            f"{name}-lifecycle", repository=repository.name, policy=lifecycle_policy(args), opts=child
        )
        if args.pull_accounts:
            aws.ecr.RepositoryPolicy(
                f"{name}-pull", repository=repository.name, policy=_pull_policy(args), opts=child
            )
        self.url = repository_url(args.scope, args.repository)
        self.arn = args.scope.arn("ecr", f"repository/{path}")
        self.register_outputs({"url": repository.repository_url, "arn": repository.arn})


def lifecycle_policy(args: ImageRepositoryArgs) -> str:
    """Return ECR's lifecycle document: untagged images by age, tagged ones by count."""
    rules = [
        {
            "rulePriority": 1,
            "description": f"Expire untagged images after {args.expire_untagged_days} days",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": args.expire_untagged_days,
            },
            "action": {"type": "expire"},
        },
        *(
            {
                "rulePriority": number,
                "description": f"Keep the last {args.keep_count} of {prefix}*",
                "selection": {
                    "tagStatus": "tagged",
                    "tagPrefixList": [prefix],
                    "countType": "imageCountMoreThan",
                    "countNumber": args.keep_count,
                },
                "action": {"type": "expire"},
            }
            for number, prefix in enumerate(args.keep_prefixes, start=2)
        ),
    ]
    return json.dumps({"rules": rules})


def _pull_policy(args: ImageRepositoryArgs) -> pulumi.Output[str]:
    roots = tuple(f"arn:{args.scope.partition}:iam::{account}:root" for account in args.pull_accounts)
    statement = Statement(
        sid="OtherAccountsPull", actions=_PULL_ACTIONS, principal=Principal(PrincipalKind.AWS, roots)
    )
    return policy_document([statement])
