"""A freeze: what it holds, why, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from uuid6 import uuid7

from service.core.ids import EnvironmentId
from service.operations.model import OperationKind

FreezeId = NewType("FreezeId", str)

UNFROZEN_KINDS = frozenset({OperationKind.PREVIEW, OperationKind.DETECT_DRIFT})
"""Kinds that change nothing, and go on."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """Holds one environment, a team's environments, or, with neither, all of them."""

    id: FreezeId
    environment_id: EnvironmentId | None
    team: str | None
    reason: str
    starts_at: datetime
    ends_at: datetime
    created_by: str
    created_at: datetime
    lifted_at: datetime | None = None
    lifted_by: str | None = None


def new_freeze_id() -> FreezeId:
    """Make an id like `frz_0192f0c1…`."""
    return FreezeId(f"frz_{uuid7().hex}")
