"""What CloudWatch refuses. Source: the CloudWatch and CloudWatch Logs API references."""

import json
from collections.abc import Iterator

from sandbox.cloud.aws.rules.asked import Asked
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.provider.model import Failure
from sandbox.cloud.wire.values import Properties, is_properties, objects_of, text_of

_RETENTION_DAYS = (
    *(
        0,
        1,
        3,
        5,
        7,
        14,
        30,
        60,
        90,
        120,
        150,
        180,
        365,
        400,
        545,
        731,
        1096,
        1827,
        2192,
        2557,
        2922,
        3288,
        3653,
    ),
)
_WIDGETS = frozenset({"metric", "text", "log", "alarm", "explorer"})
_COLUMNS = 24
_SHORT_PERIODS_SECONDS = (10, 20, 30)
_LONGEST_BODY = 1_000_000


def retention_check(inputs: Properties) -> Iterator[Failure]:
    """Logs are kept for one of a few periods."""
    days = inputs.get("retentionInDays")
    if isinstance(days, int) and days not in _RETENTION_DAYS:
        allowed = " ".join(str(item) for item in _RETENTION_DAYS)
        yield Failure("retentionInDays", f"expected retention_in_days to be one of [{allowed}], got {days}")


def alarm(asked: Asked) -> Iterator[ApiError]:
    """An alarm's periods are CloudWatch's, and it looks at no more points than it has."""
    period = asked.properties.get("period")
    is_minutes = isinstance(period, int) and period > 0 and period % 60 == 0
    if isinstance(period, int) and period not in _SHORT_PERIODS_SECONDS and not is_minutes:
        yield ApiError("ValidationError", "Period must be 10, 20, 30, or a multiple of 60")
    points, periods = asked.properties.get("datapointsToAlarm"), asked.properties.get("evaluationPeriods")
    if isinstance(points, int) and isinstance(periods, int) and points > periods:
        yield ApiError("ValidationError", "DatapointsToAlarm must be less than or equal to EvaluationPeriods")
    has_metric, has_queries = (
        bool(asked.text("metricName")),
        bool(objects_of(asked.properties, "metricQueries")),
    )
    if has_metric == has_queries:
        yield ApiError("ValidationError", "Exactly one element of the metrics list should return data.")


def dashboard(asked: Asked) -> Iterator[ApiError]:
    """A dashboard's body is JSON with widgets that lie on the grid."""
    text = asked.text("dashboardBody")
    faults = list(_body_faults(text))
    if faults:
        said = json.dumps([{"message": fault} for fault in faults])
        yield ApiError(
            "InvalidParameterInput",
            f"The dashboard body is invalid, there are {len(faults)} validation errors: {said}",
        )


def _body_faults(text: str) -> Iterator[str]:
    try:
        body: object = json.loads(text)
    except ValueError:
        yield "The field body must be a valid JSON object"
        return
    if not is_properties(body) or "widgets" not in body:
        yield "The field widgets is required"
        return
    if len(text) > _LONGEST_BODY:
        yield "The field body is too long"
    for index, widget in enumerate(objects_of(body, "widgets")):
        kind = text_of(widget, "type")
        if kind not in _WIDGETS:
            yield f"/widgets/{index}/type should be one of {', '.join(sorted(_WIDGETS))}"
        left, width = widget.get("x", 0), widget.get("width", 6)
        if isinstance(left, int) and isinstance(width, int) and left + width > _COLUMNS:
            yield f"/widgets/{index} should lie within {_COLUMNS} columns"
        if not is_properties(widget.get("properties")):
            yield f"/widgets/{index}/properties is required"
