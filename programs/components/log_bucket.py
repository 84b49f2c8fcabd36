"""The bucket that a load balancer writes its access log to."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.policy import (
    Condition,
    Effect,
    Principal,
    PrincipalKind,
    Statement,
    policy_document,
)
from programs.components.scope import Scope


@dataclass(frozen=True, slots=True)
class LogBucketArgs:
    """What the bucket is for; objects expire with the environment's log retention."""

    scope: Scope
    part: str


class LogBucket(pulumi.ComponentResource):
    """A private, encrypted bucket that the load balancer alone may write to.

    Encryption is SSE-S3: a load balancer's log delivery supports no other.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """

    bucket_name: pulumi.Output[str]
    policy: pulumi.Resource

    def __init__(self, name: str, args: LogBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the bucket and everything that keeps it private."""
        super().__init__("berth:observability:LogBucket", name, None, opts)
        scope = args.scope
        physical_name = scope.name(f"{args.part}-{scope.account_id}-{scope.region}")
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            bucket=physical_name,
            force_destroy=True,
            tags=scope.tagged(physical_name),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self._name = name
        self._child = pulumi.ResourceOptions(parent=self)
        self._keep_private(bucket)
        self._expire(bucket, scope.log_retention_days)
        bucket_arn = f"arn:{scope.partition}:s3:::{physical_name}"
        self.policy = aws.s3.BucketPolicy(
            f"{name}-access",
            bucket=bucket.bucket,
            policy=policy_document(_statements(scope, bucket_arn)),
            opts=self._child,
        )
        self.bucket_name = bucket.bucket
        self.register_outputs({"bucket_name": self.bucket_name})

    def _keep_private(self, bucket: aws.s3.Bucket) -> None:
        aws.s3.BucketPublicAccessBlock(
            f"{self._name}-private",
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._child,
        )
        aws.s3.BucketOwnershipControls(
            f"{self._name}-ownership",
            bucket=bucket.bucket,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self._child,
        )
        default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="AES256"
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{self._name}-encryption",
            bucket=bucket.bucket,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=default
                )
            ],
            opts=self._child,
        )

    def _expire(self, bucket: aws.s3.Bucket, days: int) -> None:
        aws.s3.BucketLifecycleConfiguration(
            f"{self._name}-lifecycle",
            bucket=bucket.bucket,
            rules=[
                aws.s3.BucketLifecycleConfigurationRuleArgs(
                    id="expire",
                    status="Enabled",
                    filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
                )
            ],
            opts=self._child,
        )


def _statements(scope: Scope, bucket_arn: str) -> list[Statement]:
    return [
        Statement(
            sid="LoadBalancerWrites",
            actions=("s3:PutObject",),
            resources=(f"{bucket_arn}/AWSLogs/{scope.account_id}/*",),
            principal=Principal(PrincipalKind.SERVICE, ("logdelivery.elasticloadbalancing.amazonaws.com",)),
            conditions=(Condition("StringEquals", "aws:SourceAccount", (scope.account_id,)),),
        ),
        Statement(
            sid="TlsOnly",
            effect=Effect.DENY,
            actions=("s3:*",),
            resources=(bucket_arn, f"{bucket_arn}/*"),
            principal=Principal(PrincipalKind.AWS, ("*",)),
            conditions=(Condition("Bool", "aws:SecureTransport", ("false",)),),
        ),
    ]
