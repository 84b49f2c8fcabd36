"""What the OpenAPI document says beyond the routes' own signatures."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.core.errors import BerthError, InternalError, UnavailableError
from service.core.problems import MEDIA_TYPE, Problem, status_of

JsonSchema = dict[str, object]
Responses = dict[int | str, dict[str, Any]]  # FastAPI's own type of the parameter
SCHEMA_REFERENCE = "#/components/schemas/{model}"
EVERYWHERE = (InternalError, UnavailableError)


def add_problem(responses: dict[str, Any], error: type[BerthError]) -> None:
    """Declare one more problem among an operation's answers."""
    status = str(status_of(error))
    added = _response(status_of(error), [error])
    present = responses.setdefault(status, added)
    if present is not added:
        present["description"] += f"; {added['description']}"
        present["content"][MEDIA_TYPE]["examples"] |= cast("dict[str, Any]", added["content"])[MEDIA_TYPE][
            "examples"
        ]


def problems(*errors: type[BerthError]) -> Responses:
    """Declare what a route may answer instead of its result, with an example of each problem."""
    by_status: dict[int, list[type[BerthError]]] = {}
    for error in (*errors, *EVERYWHERE):
        by_status.setdefault(status_of(error), []).append(error)
    return {status: _response(status, kinds) for status, kinds in sorted(by_status.items())}


def _response(status: int, kinds: list[type[BerthError]]) -> dict[str, object]:
    examples = {kind.code: {"summary": kind.title, "value": _example(kind, status)} for kind in kinds}
    content = {"schema": {"$ref": SCHEMA_REFERENCE.format(model="Problem")}, "examples": examples}
    return {
        "description": "; ".join(f"`{kind.code}`: {kind.title}" for kind in kinds),
        "content": {MEDIA_TYPE: content},
    }


def _example(kind: type[BerthError], status: int) -> dict[str, object]:
    return {
        "type": f"urn:berth:problem:{kind.code}",
        "title": kind.title,
        "status": status,
        "detail": " ".join((kind.__doc__ or kind.title).split("\n\n")[0].split()),
        "instance": "/v1/environments",
        "code": kind.code,
        "retryable": kind.retryable,
        "request_id": "req_0192f0c1a7b87c3d9e5f60718293a4b5",
        "errors": [],
    }


def describe_api(
    app: FastAPI,
    schemas: Callable[[], Mapping[str, JsonSchema]],
    describe_access: Callable[[FastAPI, dict[str, Any]], None],
) -> None:
    """Complete the OpenAPI document, when first asked for, with what no signature mentions.

    `schemas` are further schemas; `describe_access` writes what callers must prove and be allowed.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            components = cast("dict[str, JsonSchema]", document["components"]["schemas"])
            _drop_null_of_parameters(document)
            _drop_framework_errors(document, components)
            describe_access(app, document)
            components |= _disjoint(components, {**schemas(), **_problem_schemas()})
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi


def _drop_framework_errors(document: dict[str, Any], components: dict[str, JsonSchema]) -> None:
    """Leave out the 422 that FastAPI adds where a route declares none: it is answered as another problem."""
    for path in document["paths"].values():
        for operation in path.values():
            if MEDIA_TYPE not in operation["responses"].get("422", {}).get("content", {MEDIA_TYPE: None}):
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)


def _drop_null_of_parameters(document: dict[str, Any]) -> None:
    """Say of an optional parameter that it may be absent, not that it may be null: a URL knows no null."""
    operations = (operation for path in document["paths"].values() for operation in path.values())
    parameters = (parameter for operation in operations for parameter in operation.get("parameters", []))
    for parameter in parameters:
        alternatives = parameter["schema"].pop("anyOf", None)
        if alternatives is not None:
            [only] = [one for one in alternatives if one.get("type") != "null"]
            parameter["schema"] |= only


def _problem_schemas() -> dict[str, JsonSchema]:
    schema = Problem.model_json_schema(ref_template=SCHEMA_REFERENCE, mode="serialization")
    parts = cast("dict[str, JsonSchema]", schema.pop("$defs"))
    return {"Problem": schema, **parts}


def _disjoint(present: Mapping[str, JsonSchema], added: Mapping[str, JsonSchema]) -> Mapping[str, JsonSchema]:
    clashing = [name for name in added if name in present and present[name] != added[name]]
    if clashing:
        msg = f"two schemas of one name: {sorted(clashing)}"
        raise ValueError(msg)
    return added
