"""Identifiers: a prefix that names the thing and a UUIDv7, so that they sort by creation."""

from typing import NewType

from uuid6 import uuid7

EnvironmentId = NewType("EnvironmentId", str)
OperationId = NewType("OperationId", str)
StackId = NewType("StackId", str)
UpdateId = NewType("UpdateId", str)
PlanId = NewType("PlanId", str)
UploadId = NewType("UploadId", str)
DriftReportId = NewType("DriftReportId", str)


def new_environment_id() -> EnvironmentId:
    """Make an id like `env_0192f0c1…`."""
    return EnvironmentId(f"env_{uuid7().hex}")


def new_operation_id() -> OperationId:
    """Make an id like `op_0192f0c1…`."""
    return OperationId(f"op_{uuid7().hex}")


def new_stack_id() -> StackId:
    """Make an id like `stk_0192f0c1…`."""
    return StackId(f"stk_{uuid7().hex}")


def new_update_id() -> UpdateId:
    """Make the id of an engine update; a plain UUID, as the Pulumi CLI expects."""
    return UpdateId(str(uuid7()))


def new_plan_id() -> PlanId:
    """Make an id like `plan_0192f0c1…`."""
    return PlanId(f"plan_{uuid7().hex}")


def new_upload_id() -> UploadId:
    """Make an id like `upl_0192f0c1…`."""
    return UploadId(f"upl_{uuid7().hex}")


def new_drift_report_id() -> DriftReportId:
    """Make an id like `drift_0192f0c1…`."""
    return DriftReportId(f"drift_{uuid7().hex}")
