"""What AWS does not delete: what is protected, and what is not empty."""

from collections.abc import Callable, Iterator, Mapping

from sandbox.cloud.aws.rules.asked import Protection
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.store.records import Record


def _flag(name: str, refusal: Callable[[Record], ApiError]) -> Protection:
    def protection(record: Record) -> Iterator[ApiError]:
        if record.outputs.get(name) is True:
            yield refusal(record)

    return protection


def _load_balancer(record: Record) -> ApiError:
    return ApiError(
        "OperationNotPermitted",
        f"Load balancer '{record.arn}' cannot be deleted because deletion protection is enabled",
    )


def _cluster(record: Record) -> ApiError:
    return ApiError(
        "InvalidRequestException",
        f"Cluster {record.id} cannot be deleted because deletion protection is enabled",
    )


def _log_group(record: Record) -> ApiError:
    return ApiError("OperationAbortedException", f"Log group {record.id} has deletion protection enabled")


def _database(record: Record) -> ApiError:
    return ApiError(
        "InvalidParameterCombination",
        f"Cannot delete protected DB Instance {record.id}, please disable deletion protection and try again.",
    )


def _table(record: Record) -> ApiError:
    return ApiError(
        "ValidationException",
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
        "protection first. "
        f"({record.id})",
    )


PROTECTIONS: Mapping[str, Protection] = {
    "lb/loadBalancer:LoadBalancer": _flag("enableDeletionProtection", _load_balancer),
    "eks/cluster:Cluster": _flag("deletionProtection", _cluster),
    "cloudwatch/logGroup:LogGroup": _flag("deletionProtectionEnabled", _log_group),
    "rds/instance:Instance": _flag("deletionProtection", _database),
    "rds/cluster:Cluster": _flag("deletionProtection", _database),
    "dynamodb/table:Table": _flag("deletionProtectionEnabled", _table),
}
