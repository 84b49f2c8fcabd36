"""Shows an operation while it runs: a live table and a bar in a terminal, plain lines elsewhere."""

from collections import Counter, deque
from collections.abc import Iterable
from typing import Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from service.cli.answers import EventAnswer
from service.events.model import (
    Diagnostic,
    ResourceFailed,
    ResourceFinished,
    ResourceStarted,
    StateChanged,
    StepAction,
)

RECENT_ROWS = 12

_VERBS: dict[StepAction, tuple[str, str]] = {
    StepAction.CREATE: ("creating", "created"),
    StepAction.UPDATE: ("updating", "updated"),
    StepAction.REPLACE: ("replacing", "replaced"),
    StepAction.DELETE: ("deleting", "deleted"),
    StepAction.READ: ("reading", "read"),
    StepAction.REFRESH: ("refreshing", "refreshed"),
    StepAction.IMPORT: ("importing", "imported"),
    StepAction.SAME: ("checking", "unchanged"),
}


_PLANNED: dict[StepAction, str] = {
    StepAction.CREATE: "to create",
    StepAction.UPDATE: "to update",
    StepAction.REPLACE: "to replace",
    StepAction.DELETE: "to delete",
    StepAction.READ: "to read",
    StepAction.REFRESH: "to refresh",
    StepAction.IMPORT: "to import",
    StepAction.SAME: "unchanged",
}


def _ended(action: StepAction, *, is_plan: bool) -> str:
    return _PLANNED[action] if is_plan else _VERBS[action][1]


class ProgressView(Protocol):
    """Shows events as they come."""

    def show(self, events: Iterable[EventAnswer], *, title: str, total: int | None) -> Counter[StepAction]:
        """Show events to their end; `total` is how many resources to expect, where known.

        Returns how many resources ended with each action.
        """
        ...


def progress_view(console: Console, *, is_plan: bool) -> ProgressView:
    """Choose the view that fits where the console writes; a plan is worded as what would be done."""
    view = LiveView if console.is_terminal else LineView
    return view(console, is_plan=is_plan)


class LineView:
    """One line per finished or failed step and per message: for pipelines and files."""

    def __init__(self, console: Console, *, is_plan: bool = False) -> None:
        self._console = console
        self._is_plan = is_plan

    def show(self, events: Iterable[EventAnswer], *, title: str, total: int | None) -> Counter[StepAction]:
        """Print events as lines."""
        counts: Counter[StepAction] = Counter()
        self._print(title)
        for event in events:
            payload = event.payload
            if isinstance(payload, ResourceFinished):
                counts[payload.action] += 1
                place = f"{counts.total()}/{total}" if total else str(counts.total())
                verb = _ended(payload.action, is_plan=self._is_plan)
                self._print(f"[{place}] {verb} {payload.resource_type} {payload.name}")
            elif isinstance(payload, ResourceFailed):
                self._print(f"FAILED {payload.action} {payload.resource_type} {payload.name}")
            elif isinstance(payload, Diagnostic) and payload.severity != "info":
                self._print(f"{payload.severity}: {payload.message.strip()}")
            elif isinstance(payload, StateChanged):
                self._print(f"operation is {payload.state}")
        return counts

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


class LiveView:
    """A table of the steps under way and just done, above a progress bar."""

    def __init__(self, console: Console, *, is_plan: bool = False) -> None:
        self._console = console
        self._is_plan = is_plan
        self._running: dict[str, ResourceStarted] = {}
        self._done: deque[tuple[ResourceFinished | ResourceFailed, str]] = deque(maxlen=RECENT_ROWS)
        self._messages: list[str] = []

    def show(self, events: Iterable[EventAnswer], *, title: str, total: int | None) -> Counter[StepAction]:
        """Draw events until they end; what stays on the screen is the last state and every warning."""
        counts: Counter[StepAction] = Counter()
        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        task = bar.add_task(escape(title), total=total)
        with Live(console=self._console, refresh_per_second=8, transient=False) as live:
            for event in events:
                self._take(event, counts)
                bar.update(task, completed=counts.total(), total=total)
                live.update(Group(self._table(), bar))
            bar.update(task, completed=counts.total(), total=total or max(counts.total(), 1))
            live.update(bar)
        for message in self._messages:
            self._console.print(message)
        return counts

    def _take(self, event: EventAnswer, counts: Counter[StepAction]) -> None:
        payload = event.payload
        if isinstance(payload, ResourceStarted):
            self._running[payload.urn] = payload
        elif isinstance(payload, ResourceFinished):
            self._running.pop(payload.urn, None)
            counts[payload.action] += 1
            self._done.append((payload, "green"))
        elif isinstance(payload, ResourceFailed):
            self._running.pop(payload.urn, None)
            self._done.append((payload, "red"))
        elif isinstance(payload, Diagnostic) and payload.severity != "info":
            colour = "red" if payload.severity == "error" else "yellow"
            self._messages.append(f"[{colour}]{payload.severity}:[/] {escape(payload.message.strip())}")

    def _table(self) -> Table:
        table = Table(box=None, padding=(0, 1), show_header=False, expand=False)
        table.add_column(width=11)
        table.add_column(no_wrap=True, max_width=44)
        table.add_column(no_wrap=True)
        room = max(RECENT_ROWS - len(self._running), 3)
        for payload, colour in list(self._done)[-room:]:
            failed = isinstance(payload, ResourceFailed)
            verb = "failed" if failed else _ended(payload.action, is_plan=self._is_plan)
            table.add_row(f"[{colour}]{verb}[/]", escape(payload.resource_type), escape(payload.name))
        for started in list(self._running.values())[:RECENT_ROWS]:
            verb = "planning" if self._is_plan else _VERBS[started.action][0]
            table.add_row(f"[cyan]{verb}[/]", escape(started.resource_type), escape(started.name))
        return table
