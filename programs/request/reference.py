"""Writes docs/request.md from the models: `python -m programs.request.reference > docs/request.md`."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from pydantic import BaseModel

from programs.request.environment import EcsEnvironment, EksEnvironment

Schema = Mapping[str, object]

INTRODUCTION = """\
# The environment request

One document describes an environment: the same workloads, whichever orchestrator runs them. This page is
written from the models in `programs/request/` by `python -m programs.request.reference > docs/request.md`;
a test keeps the two equal. Unknown keys are errors that name their path. Numbers carry their unit in their
name; `ttl` is an ISO 8601 duration. Complete documents stand in `examples/`.

`[]` marks an item of a list, `NAME` a key of your choice. Where a default follows from other
fields, such as the class, the description says how.

## Rules that span fields

Beyond the bounds below, a request is refused, at the place to change, when it

- names something twice: workloads, ports, containers, repositories, load balancer rules or priorities;
- puts what looks like a credential (`*_PASSWORD`, `*_TOKEN`, `*_API_KEY`, ...) into `env`;
- refers to a workload, repository or container that is not there, or that has no port;
- leaves an image's version open in class production;
- has no NAT gateway and lacks an endpoint it needs, or pulls an image from the internet;
- sets something its rollout strategy, mesh kind or orchestrator does not have;
- shifts traffic (blue_green, canary, linear) of a workload that is not public, unless App Mesh shifts it;
- asks Fargate for a size it lacks (the nearest are named), or for GPUs;
- mixes processors, or asks for nodes that no workload could run on;
- on ECS, gives no capacity a weight, puts Fargate Spot beside EC2 alone, or asks CodeDeploy for a shift that
  none of its predefined configurations has (the nearest is named);
- on ECS, asks for scratch space on instances, whose disk all tasks share;
- on EKS, sets what Kubernetes has not: ulimits, a port's alias, a grace period, an essential sidecar;
- on EKS, leaves pods without a node to run on, a load balancer without a controller, or opens the Kubernetes
  API of a production cluster to everybody;
- names rollback alarms that nobody would measure or watch: those of a load balancer that is not there; on
  EKS those of a rolling workload, and CPU and memory without `telemetry: cloudwatch_agent`;
- on EKS, asks for alarms (none can find what controllers make), or for a dashboard that would show nothing;
- asks for App Mesh on AWS, which ended it on 2026-09-30.
"""

ADDITIONS = (
    "cost_assumptions",
    "load_balancer",
    "working_hours",
    "workloads[].allow_from",
    "workloads[].depends_on",
    "workloads[].entry_point",
    "workloads[].ephemeral_storage_gib",
    "workloads[].gpus",
    "workloads[].image.digest",
    "workloads[].ports[].alias",
    "workloads[].read_only_root_filesystem",
    "workloads[].stop_timeout_seconds",
    "workloads[].ulimits",
    "workloads[].user",
    "workloads[].volumes",
    "workloads[].writable_paths",
    "workloads[].public.deregistration_delay_seconds",
    "workloads[].public.health_check_grace_period_seconds",
    "workloads[].public.slow_start_seconds",
    "workloads[].public.stickiness_seconds",
    "workloads[].public.test_port",
    "workloads[].rollout.hooks",
    "workloads[].rollout.stable_image",
    "mesh.certificate_authority_arn",
    "mesh.connection_pool",
    "observability.alarm_emails",
    "observability.alarm_thresholds",
    "capacity.ec2.disk_gib",
    "cluster.deletion_protection",
    "cluster.external_dns_zones",
    "cluster.karpenter",
    "cluster.log_forwarding",
    "cluster.metrics_adapter",
    "cluster.node_groups.NAME.node_repair",
    "cluster.quota",
    "cluster.telemetry",
)
"""Fields that came after the first agreed table; each has what is below it with it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the reference."""

    path: str
    kind: str
    default: str
    description: str


def rows_of(model: type[BaseModel]) -> tuple[Row, ...]:
    """Every field of a request model, depth first, in declared order."""
    schema = cast("Schema", model.model_json_schema())
    definitions = cast("Mapping[str, Schema]", schema.get("$defs", {}))
    return tuple(_rows(schema, "", definitions))


def _resolved(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    reference = schema.get("$ref")
    return definitions[str(reference).rsplit("/", 1)[-1]] if reference is not None else schema


def _alternatives(schema: Schema, definitions: Mapping[str, Schema]) -> list[Schema]:
    """The schemas a value may have, references followed and `null` left out."""
    options = cast("list[Schema]", schema.get("anyOf") or schema.get("oneOf") or [schema])
    resolved = [_resolved(option, definitions) for option in options]
    return [option for option in resolved if option.get("type") != "null"]


def _rows(schema: Schema, prefix: str, definitions: Mapping[str, Schema]) -> Iterator[Row]:
    required = cast("list[str]", schema.get("required", []))
    properties = cast("Mapping[str, Schema]", schema.get("properties", {}))
    for name, field in properties.items():
        path = f"{prefix}{name}"
        options = _alternatives(field, definitions)
        yield Row(
            path=path,
            kind=" or ".join(dict.fromkeys(_kind(option, definitions) for option in options)),
            default=_default(field, is_required=name in required),
            description=str(field.get("description", "")),
        )
        for option in options:
            yield from _rows_below(option, path, definitions)


def _rows_below(schema: Schema, path: str, definitions: Mapping[str, Schema]) -> Iterator[Row]:
    if "properties" in schema:
        yield from _rows(schema, f"{path}.", definitions)
    items = schema.get("items")
    if isinstance(items, Mapping):
        for option in _alternatives(cast("Schema", items), definitions):
            yield from _rows_below(option, f"{path}[]", definitions)
    for values in _value_schemas(schema):
        for option in _alternatives(values, definitions):
            yield from _rows_below(option, f"{path}.NAME", definitions)


def _value_schemas(schema: Schema) -> Iterator[Schema]:
    """What the values of a mapping with free keys may be."""
    by_pattern = cast("Mapping[str, Schema]", schema.get("patternProperties", {}))
    yield from by_pattern.values()
    values = schema.get("additionalProperties")
    if isinstance(values, Mapping):
        yield cast("Schema", values)


def _kind(schema: Schema, definitions: Mapping[str, Schema]) -> str:
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in cast("list[object]", schema["enum"]))
    kinds = {"object": "mapping", "boolean": "true or false", "string": "text", "number": "number"}
    match schema.get("type"):
        case "array":
            return f"list of {_items_kind(schema, definitions)}{_counts(schema)}"
        case "integer":
            return _bounds(schema)
        case kind:
            return "duration" if schema.get("format") == "duration" else kinds.get(str(kind), "any")


def _items_kind(schema: Schema, definitions: Mapping[str, Schema]) -> str:
    items = _alternatives(cast("Schema", schema.get("items", {})), definitions)
    return " or ".join(dict.fromkeys(_kind(item, definitions) for item in items))


def _counts(schema: Schema) -> str:
    least = schema.get("minItems")
    return f", at least {least}" if least else ""


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    return "number" if low is None or high is None else f"{low} to {high}"


def _default(field: Schema, *, is_required: bool) -> str:
    if is_required:
        return "**required**"
    if "default" not in field:
        return "*see text*"
    value = field["default"]
    return "none" if value in (None, [], {}) else f"`{json.dumps(value)}`"


def _table(rows: tuple[Row, ...]) -> Iterator[str]:
    yield "| path | values | default | what |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        is_made_below = row.kind == "mapping" and row.default.startswith(("*", "`"))
        default = "as below" if is_made_below else row.default
        cells = (f"`{row.path}`", row.kind, default, row.description)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def reference_text() -> str:
    """The whole page, in Markdown."""
    ecs, eks = rows_of(EcsEnvironment), rows_of(EksEnvironment)
    shared = tuple(row for row in ecs if row in eks)
    lines = [INTRODUCTION, "## On either orchestrator", "", *_table(shared)]
    lines += ["## On ECS", "", *_table(tuple(row for row in ecs if row not in shared))]
    lines += ["## On EKS", "", *_table(tuple(row for row in eks if row not in shared))]
    lines += ["## Added since the first table", ""]
    lines += ["These fields, with what is below them, were added for things that could not be asked for:", ""]
    lines += [f"- `{path}`" for path in ADDITIONS]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(reference_text())
