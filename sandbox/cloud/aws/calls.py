"""The names that the AWS provider's error texts give to API calls."""

from collections.abc import Mapping

from sandbox.cloud.aws.table import entry_of, service_of
from sandbox.cloud.provider.errors import ApiError, CloudError
from sandbox.cloud.store.faults import Operation

_SERVICE_NAMES: Mapping[str, str] = {
    "ec2": "EC2",
    "vpc": "EC2",
    "ebs": "EC2",
    "ecs": "ECS",
    "ecr": "ECR",
    "eks": "EKS",
    "iam": "IAM",
    "kms": "KMS",
    "s3": "S3",
    "sns": "SNS",
    "sqs": "SQS",
    "ssm": "SSM",
    "acm": "ACM",
    "lb": "Elastic Load Balancing v2",
    "secretsmanager": "Secrets Manager",
    "servicediscovery": "ServiceDiscovery",
    "route53": "Route 53",
    "cloudwatch": "CloudWatch",
    "codedeploy": "CodeDeploy",
    "appmesh": "App Mesh",
    "vpclattice": "VPC Lattice",
    "wafv2": "WAFV2",
}
_VERBS: Mapping[Operation, tuple[str, str]] = {
    Operation.CREATE: ("creating", "Create"),
    Operation.READ: ("reading", "Describe"),
    Operation.UPDATE: ("updating", "Update"),
    Operation.DELETE: ("deleting", "Delete"),
    Operation.INVOKE: ("reading", "Describe"),
}
_CALL_PLACES: Mapping[Operation, int] = {Operation.CREATE: 1, Operation.UPDATE: 2, Operation.DELETE: 3}


def worded(error: ApiError, token: str, operation: Operation, name: str) -> CloudError:
    """A refusal with the words around it that the AWS provider has: what was being done, by which API call.

    Args:
        error: what the API said.
        token: the type or function that it was said about.
        operation: what was being done.
        name: the resource's name or id.
    """
    doing, verb = _VERBS[operation]
    kind = token.rpartition(":")[2]
    listed = entry_of(token).api
    service = listed[0] if listed else _SERVICE_NAMES.get(service_of(token), service_of(token).upper())
    place = _CALL_PLACES.get(operation)
    call = listed[place] if place is not None and len(listed) > place and listed[place] else f"{verb}{kind}"
    return error.worded(f"{doing} {service} {_spaced(kind)} ({name})", service, call)


def _spaced(name: str) -> str:
    return "".join(
        f" {letter}" if letter.isupper() and index else letter for index, letter in enumerate(name)
    )
