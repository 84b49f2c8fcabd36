"""The environment's CloudWatch dashboard: a row for each workload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.scope import Scope
from programs.ecs.metrics import Measure, RouteMetrics, ServiceMetrics

_WIDGET_WIDTH = 8
_WIDGET_HEIGHT = 6


@dataclass(frozen=True, slots=True)
class WorkloadRow:
    """What is shown of a workload; requests only where it is public."""

    workload: str
    service: ServiceMetrics
    route: RouteMetrics | None


class Dashboard(pulumi.ComponentResource):
    """CPU and memory, requests and errors, answer times, workload by workload."""

    def __init__(
        self,
        name: str,
        scope: Scope,
        rows: Sequence[WorkloadRow],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the dashboard."""
        super().__init__("berth:ecs:Dashboard", name, None, opts)
        widgets = [widget for number, row in enumerate(rows) for widget in _row(row, number, scope.region)]
        aws.cloudwatch.Dashboard(
            f"{name}-board",
            dashboard_name=scope.name("", 255),
            dashboard_body=pulumi.Output.json_dumps({"widgets": widgets}),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})


def _row(row: WorkloadRow, number: int, region: str) -> list[dict[str, object]]:
    groups = [("load", [row.service.cpu(), row.service.memory()])]
    if row.route is not None:
        groups.append(("requests", [row.route.requests(), row.route.server_errors()]))
        groups.append(("answer time", [row.route.latency()]))
    return [
        {
            "type": "metric",
            "x": column * _WIDGET_WIDTH,
            "y": number * _WIDGET_HEIGHT,
            "width": _WIDGET_WIDTH,
            "height": _WIDGET_HEIGHT,
            "properties": {
                "title": f"{row.workload}: {title}",
                "region": region,
                "view": "timeSeries",
                "metrics": [line for place, one in enumerate(measures) for line in _lines(one, place)],
            },
        }
        for column, (title, measures) in enumerate(groups)
    ]


def _lines(measure: Measure, place: int) -> list[list[object]]:
    """Return a measure as a dashboard takes it: hidden metrics, and the expression that is drawn."""
    prefix = f"w{place}"
    expression = measure.expression.replace("m", f"{prefix}m")
    lines: list[list[object]] = [[{"expression": expression, "label": measure.label, "id": f"{prefix}e"}]]
    for number, metric in enumerate(measure.metrics, start=1):
        settings = {"id": f"{prefix}m{number}", "visible": False, "stat": metric.stat, "period": 60}
        lines.append([metric.namespace, metric.name, *_flat(metric.dimensions), settings])
    return lines


def _flat(dimensions: Mapping[str, pulumi.Input[str]]) -> list[pulumi.Input[str]]:
    return [part for name, value in dimensions.items() for part in (name, value)]
