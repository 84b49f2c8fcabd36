"""Whether a run makes an environment's workloads run, rest, or come back."""

from programs.facts import Activity
from service.events.model import Diagnostic
from service.operations.model import OperationKind, OperationOptions

STAYS_PAUSED = Diagnostic(
    severity="info",
    message="the environment is paused: its workloads stay at 0 copies until it is resumed",
)
PROGRAM_KINDS = frozenset({OperationKind.PREVIEW, OperationKind.DEPLOY})


def activity_of(options: OperationOptions, *, is_paused: bool) -> Activity:
    """Return what a run is asked to make of the workloads, else what holds for its environment."""
    if options.pause is None:
        return Activity.PAUSED if is_paused else Activity.RUNNING
    return Activity.PAUSED if options.pause else Activity.RESUMING


def has_a_word_to_say(kind: OperationKind, options: OperationOptions, activity: Activity) -> bool:
    """Return whether a run rests what its caller may think will run."""
    return kind in PROGRAM_KINDS and activity is Activity.PAUSED and options.pause is None
