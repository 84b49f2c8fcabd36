"""The environment's CloudWatch dashboard on EKS: a row for each workload that something measures.

What controllers make has names that only a search finds:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from programs.components.scope import Scope
from programs.eks.analysis import CPU_METRIC, MEMORY_METRIC, insights_expression
from programs.eks.scaling import target_group_search
from programs.request import EksEnvironment
from programs.request.rules.delivery import has_insights
from programs.request.workload import Workload

_WIDGET_WIDTH = 8
_WIDGET_HEIGHT = 6

_Line = tuple[str, str]
"""A label, and the expression that is drawn under it."""


class Dashboard(pulumi.ComponentResource):
    """Requests and errors, answer times, CPU and memory, workload by workload."""

    def __init__(
        self, name: str, request: EksEnvironment, scope: Scope, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the dashboard."""
        super().__init__("berth:eks:Dashboard", name, None, opts)
        rows = [
            _graphs(workload, scope, is_measured=has_insights(request.cluster))
            for workload in request.workloads
        ]
        widgets = [
            _widget(title, lines, (column, number), scope.region)
            for number, row in enumerate(filter(None, rows))
            for column, (title, lines) in enumerate(row)
        ]
        aws.cloudwatch.Dashboard(
            f"{name}-board",
            dashboard_name=scope.name("", 255),
            dashboard_body=pulumi.Output.json_dumps({"widgets": widgets}),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})


def _graphs(workload: Workload, scope: Scope, *, is_measured: bool) -> list[tuple[str, list[_Line]]]:
    graphs: list[tuple[str, list[_Line]]] = []
    if is_measured:
        load = [
            ("CPU", insights_expression(workload, scope, CPU_METRIC)),
            ("Memory", insights_expression(workload, scope, MEMORY_METRIC)),
        ]
        graphs.append((f"{workload.name}: load", load))
    if workload.public is not None:
        requests = target_group_search(workload, scope, "RequestCount", "Sum")
        errors = target_group_search(workload, scope, "HTTPCode_Target_5XX_Count", "Sum")
        latency = target_group_search(workload, scope, "TargetResponseTime", "p95")
        counts = [("Requests", f"SUM({requests})"), ("5xx answers", f"SUM({errors})")]
        graphs.append((f"{workload.name}: requests", counts))
        graphs.append((f"{workload.name}: answer time", [("Answer time p95", f"MAX({latency})")]))
    return graphs


def _widget(title: str, lines: Sequence[_Line], place: tuple[int, int], region: str) -> dict[str, object]:
    column, row = place
    return {
        "type": "metric",
        "x": column * _WIDGET_WIDTH,
        "y": row * _WIDGET_HEIGHT,
        "width": _WIDGET_WIDTH,
        "height": _WIDGET_HEIGHT,
        "properties": {
            "title": title,
            "region": region,
            "view": "timeSeries",
            "metrics": [
                [{"id": f"e{number}", "label": label, "expression": expression}]
                for number, (label, expression) in enumerate(lines, start=1)
            ],
        },
    }
