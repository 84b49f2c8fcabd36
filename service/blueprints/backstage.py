"""Backstage software templates, made from a blueprint's JSON Schema.

The format: https://backstage.io/docs/features/software-templates/writing-templates
"""

from collections.abc import Iterator, Mapping
from typing import cast

from pydantic import BaseModel, Field, JsonValue

from programs.catalogue import Blueprint

Schema = dict[str, JsonValue]
DEFS = "#/$defs/"

# The steps of the form; what no step names comes in the last one.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Whose it is", ("name", "team", "class", "ttl", "protected")),
    ("What runs", ("workloads",)),
    ("Where it runs", ("region", "account", "network", "capacity", "cluster")),
)
LAST_STEP = "More"
GIVEN = frozenset({"orchestrator"})  # the template itself says which

UI: Mapping[str, Schema] = {
    "name": {"ui:autofocus": True},
    "team": {"ui:field": "OwnerPicker", "ui:options": {"catalogFilter": {"kind": "Group"}}},
    "class": {"ui:widget": "radio"},
    "workloads": {"ui:options": {"orderable": False}},
}


class SoftwareTemplate(BaseModel):
    """A software template, as Backstage's catalog takes it."""

    api_version: str = Field(serialization_alias="apiVersion")
    kind: str
    metadata: Schema
    spec: Schema


def software_template(blueprint: Blueprint) -> SoftwareTemplate:
    """Make the template whose form asks for the blueprint's request and whose steps bring it to life."""
    schema = cast("Schema", blueprint.json_schema())
    members = [name for name in cast("Schema", schema["properties"]) if name not in GIVEN]
    return SoftwareTemplate(
        api_version="scaffolder.backstage.io/v1beta3",
        kind="Template",
        metadata={
            "name": f"berth-{blueprint.name}-environment",
            "title": blueprint.title,
            "description": blueprint.description,
            "tags": ["berth", blueprint.name],
        },
        spec={
            "owner": "group:default/platform",
            "type": f"{blueprint.name}-environment",
            "parameters": list(_pages(schema, members)),
            "steps": _steps(blueprint.name, members),
            "output": _output(),
        },
    )


def _pages(schema: Schema, members: list[str]) -> Iterator[JsonValue]:
    named = {name for _, names in STEPS for name in names}
    rest = tuple(name for name in members if name not in named)
    for title, names in (*STEPS, (LAST_STEP, rest)):
        yield _page(title, [name for name in names if name in members], schema)


def _page(title: str, names: list[str], schema: Schema) -> JsonValue:
    properties = cast("dict[str, Schema]", schema["properties"])
    shown = {name: _member(name, properties[name]) for name in names}
    required = [name for name in cast("list[str]", schema.get("required", [])) if name in names]
    page: Schema = {"title": title, "properties": cast("JsonValue", shown)}
    if required:
        page["required"] = cast("JsonValue", required)
    definitions = cast("dict[str, Schema]", schema.get("$defs", {}))
    needed = _needed(shown, definitions)
    if needed:
        page["$defs"] = {name: _without_null(definitions[name]) for name in sorted(needed)}
    return page


def _member(name: str, schema: Schema) -> JsonValue:
    shown = cast("Schema", _without_null(schema))
    if name == "team":  # the picker gives an entity reference, whose name is the team's
        shown = {key: value for key, value in shown.items() if key in {"title", "type", "description"}}
    return {**shown, **UI.get(name, {})}


def _without_null(value: JsonValue) -> JsonValue:
    """Say of what may be null that it may be absent: a form leaves out what is not filled in."""
    if isinstance(value, list):
        return [_without_null(one) for one in value]
    if not isinstance(value, dict):
        return value
    shown = {key: _without_null(one) for key, one in value.items() if not (key == "default" and one is None)}
    alternatives = shown.get("anyOf")
    if not isinstance(alternatives, list):
        return shown
    left = [one for one in alternatives if one != {"type": "null"}]
    if len(left) == 1 and isinstance(left[0], dict):
        del shown["anyOf"]
        return {**left[0], **shown}
    return {**shown, "anyOf": left}


def _needed(value: object, definitions: Mapping[str, Schema]) -> set[str]:
    """Return the names of the definitions that a schema leads to."""
    needed: set[str] = set()
    waiting: list[object] = [value]
    while waiting:
        for name in _references(waiting.pop()):
            if name not in needed:
                needed.add(name)
                waiting.append(definitions[name])
    return needed


def _references(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in cast("list[object]", value):
            yield from _references(one)
    elif isinstance(value, dict):
        for one in cast("dict[str, object]", value).values():
            if isinstance(one, str) and one.startswith(DEFS):
                yield one.removeprefix(DEFS)
            yield from _references(one)


def _steps(orchestrator: str, members: list[str]) -> JsonValue:
    # Backstage leaves a member out whose parameter was not filled in.
    request: Schema = {name: f"${{{{ parameters.{name} }}}}" for name in members}
    request["team"] = "${{ (parameters.team | parseEntityRef).name }}"
    request["orchestrator"] = orchestrator
    environment_id = "${{ steps.create.output.environmentId }}"
    operation_id = "${{ steps.create.output.operationId }}"
    return [
        _step("create", "Create the environment", {"request": request}),
        _step("wait", "Wait until it is ready", {"operationId": operation_id}),
        _step("outputs", "Read its outputs", {"environmentId": environment_id}),
    ]


def _step(verb: str, name: str, given: Schema) -> JsonValue:
    return {"id": verb, "name": name, "action": f"berth:environment:{verb}", "input": given}


def _output() -> JsonValue:
    return {
        "environmentId": "${{ steps.create.output.environmentId }}",
        "outputs": "${{ steps.outputs.output.outputs }}",
        "links": [
            {
                "if": "${{ steps.outputs.output.url }}",
                "title": "Open the environment",
                "url": "${{ steps.outputs.output.url }}",
            }
        ],
    }
