"""The kinds of text a request is made of, each with the pattern its owner (AWS, RFC, Kubernetes) demands."""

from typing import Annotated

from pydantic import StringConstraints

DnsLabel = Annotated[
    str, StringConstraints(min_length=2, max_length=30, pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$")
]
"""A DNS label (RFC 1035) short enough that names made from it stay within AWS's limits."""

ShortName = Annotated[
    str, StringConstraints(min_length=1, max_length=30, pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$")
]
"""As `DnsLabel`, one letter included: ports, volumes, node groups."""

AwsRegion = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")]
AccountId = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
VpcId = Annotated[str, StringConstraints(pattern=r"^vpc-([0-9a-f]{8}|[0-9a-f]{17})$")]
SubnetId = Annotated[str, StringConstraints(pattern=r"^subnet-([0-9a-f]{8}|[0-9a-f]{17})$")]
FileSystemId = Annotated[str, StringConstraints(pattern=r"^fs-([0-9a-f]{8}|[0-9a-f]{17})$")]
AccessPointId = Annotated[str, StringConstraints(pattern=r"^fsap-([0-9a-f]{8}|[0-9a-f]{17})$")]
InstanceType = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*\.[a-z0-9-]+$", max_length=40)]
BucketName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
HostedZoneName = Annotated[
    str, StringConstraints(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$", max_length=253)
]
EmailAddress = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]

CertificateArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+$")
]
CertificateAuthorityArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:acm-pca:[a-z0-9-]+:[0-9]{12}:certificate-authority/[A-Za-z0-9-]+$"
    ),
]
WebAclArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:[0-9]{12}:regional/webacl/[\w-]+/[A-Za-z0-9-]+$"
    ),
]
LambdaArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[\w-]+(:[\w$-]+)?$", max_length=256
    ),
]
PrincipalArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[\w+=,.@/-]+$", max_length=512),
]

EnvironmentVariable = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", min_length=1, max_length=255)
]
"""A name every shell can read (IEEE Std 1003.1, 8.1)."""

AbsolutePath = Annotated[str, StringConstraints(pattern=r"^/[^\s:,]*$", min_length=1, max_length=255)]
UserAndGroup = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,7}(:[0-9]{1,7})?$")]
RepositoryName = Annotated[
    str,
    StringConstraints(
        min_length=2, max_length=128, pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*$"
    ),
]
"""A repository's name as Amazon ECR takes it."""

ImageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")]
ImageDigest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]

KubernetesLabelKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$",
        max_length=317,
    ),
]
KubernetesLabelValue = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$", max_length=63)
]
KubernetesName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", max_length=63)
]
"""A Kubernetes namespace (RFC 1123 label)."""
