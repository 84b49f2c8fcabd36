"""What callers are told an environment does, as simply as it can be said."""

from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_WAITING = 3
WAITING = ("pending", "awaiting_approval", "queued")
RETRYABLE = ("failed", "cancelled", "interrupted")
HARMLESS = ("preview", "detect_drift")

# From each state, where an operation may be when it is looked at again.
LATER: dict[str, frozenset[str]] = {
    "pending": frozenset(
        {"awaiting_approval", "queued", "failed", "cancelled", "superseded", "rejected", "expired"}
    ),
    "awaiting_approval": frozenset({"pending", "queued", "rejected", "expired", "cancelled", "superseded"}),
    "queued": frozenset({"running", "cancelled", "superseded", "failed"}),
    "running": frozenset({"succeeded", "failed", "cancelled", "interrupted"}),
}
ENDS = frozenset({"succeeded", "failed", "cancelled", "interrupted", "rejected", "expired", "superseded"})

DURING = {"deploy": "deploying", "destroy": "destroying"}
AFTER = {
    ("deploy", "succeeded"): "ready",
    ("deploy", "failed"): "failed",
    ("deploy", "cancelled"): "failed",
    ("deploy", "interrupted"): "interrupted",
    ("destroy", "succeeded"): "destroyed",
    ("destroy", "failed"): "destroy_failed",
    ("destroy", "cancelled"): "destroy_failed",
    ("destroy", "interrupted"): "interrupted",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """An operation as the API shows it."""

    id: str
    kind: str
    state: str
    retry_of: str | None
    created_by: str
    plan_operation_id: str | None

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_unfinished(self) -> bool:
        return self.is_waiting or self.state == "running"


@dataclass(slots=True)
class Model:
    """An environment as it must be.

    Attributes:
        pauses: Which deploys pause it (True) or resume it (False).
    """

    has_ttl: bool
    status: str = "requested"
    is_protected: bool = False
    is_paused: bool = False
    was_deployed: bool = False
    freezes: list[str] = field(default_factory=list[str])
    operations: list[Seen] = field(default_factory=list[Seen])
    pauses: dict[str, bool] = field(default_factory=dict[str, bool])

    @property
    def unfinished(self) -> list[Seen]:
        return [one for one in self.operations if one.is_unfinished]

    @property
    def is_ending(self) -> bool:
        """Whether it is destroyed, or a destroy of it waits or runs."""
        return self.status == "destroyed" or any(one.kind == "destroy" for one in self.unfinished)

    def refusal_of_start(self, kind: str, queue: str = "queue") -> str | None:
        """Return the code that a wish for an operation is refused with; None where it is accepted."""
        unfinished = self.unfinished
        waiting = [one for one in unfinished if one.is_waiting]
        if kind == "destroy" and any(one.kind == "destroy" for one in unfinished):
            return None
        if self.is_ending:
            return "environment_destroyed"
        if kind == "destroy" and self.is_protected:
            return "environment_protected"
        if queue == "refuse" and self.freezes and kind not in HARMLESS:
            return "environment_frozen"
        giving_way = [one for one in waiting if (one.kind, one.created_by) != ("repair", "berth-recovery")]
        planning = {one.plan_operation_id for one in waiting}
        replaced = [one for one in giving_way if one.kind == kind and one.id not in planning]
        displaced = {"latest": len(giving_way), "replace": len(replaced[-1:])}
        is_full = len(waiting) - displaced.get(queue, 0) >= MAX_WAITING
        return "environment_busy" if is_full or (queue == "refuse" and unfinished) else None

    def refusal_of_turn(self, *, pause: bool) -> str | None:
        """Return the code that a pause or a resume is refused with."""
        if not self.was_deployed:
            return "environment_not_deployed"
        if pause and self.is_protected:
            return "environment_protected"
        return self.refusal_of_start("deploy")

    def refusal_of_extension(self) -> str | None:
        if self.is_ending:
            return "environment_destroyed"
        return None if self.has_ttl else "environment_not_expiring"

    def refusal_of_retry(self, operation: Seen) -> str | None:
        if operation.state not in RETRYABLE:
            return "operation_state"
        return self.refusal_of_start(operation.kind)

    def begin(self, operation: Seen) -> None:
        """Note that an operation was claimed."""
        self.status = DURING.get(operation.kind, self.status)
        if operation.kind == "deploy":
            self.is_paused = self.is_paused or self.pause_of(operation) is True

    def end(self, operation: Seen, state: str) -> None:
        """Note how a claimed operation has ended."""
        self.status = AFTER.get((operation.kind, state), self.status)
        if operation.kind == "deploy" and state == "succeeded":
            self.was_deployed = True
            self.is_paused = self.is_paused and self.pause_of(operation) is not False

    def pause_of(self, operation: Seen) -> bool | None:
        """Return whether a deploy pauses or resumes; one that repeats another does as that did."""
        if operation.id in self.pauses:
            return self.pauses[operation.id]
        earlier = next((one for one in self.operations if one.id == operation.retry_of), None)
        return None if earlier is None or earlier.kind != operation.kind else self.pause_of(earlier)

    def find(self, operation_id: str) -> Seen:
        return next(one for one in self.operations if one.id == operation_id)

    def look(self, operations: Sequence[Seen]) -> None:
        """Compare what is shown with what was shown before, and remember it."""
        before = {one.id: one.state for one in self.operations}
        for operation in operations:
            earlier = before.pop(operation.id, None)
            if earlier is not None and earlier != operation.state:
                assert operation.state in _reachable(earlier), (operation, earlier)
        assert not before, f"operations have vanished: {before}"
        self.operations = list(operations)


def _reachable(state: str) -> frozenset[str]:
    """Return the states that may follow, over any number of steps; nothing follows an end."""
    found: set[str] = set()
    ahead = [state]
    while ahead:
        for later in LATER.get(ahead.pop(), frozenset()) - found:
            found.add(later)
            ahead.append(later)
    return frozenset(found)
