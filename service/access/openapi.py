"""What the OpenAPI document says of who may ask: the permission of each operation, 401 and 403."""

from typing import Any

from fastapi import FastAPI

from service.access.errors import ForwardingRefusedError, PermissionDeniedError
from service.access.served import ServedRoute, served_routes
from service.core.errors import UnauthenticatedError
from service.core.openapi import add_problem


def describe_access(app: FastAPI, document: dict[str, Any]) -> None:
    """Write into each operation that is not open to all what it needs and how it is refused."""
    for route in served_routes(app):
        if route.is_documented and not route.is_open:
            for method in route.methods:
                _describe(document["paths"][route.path][method.lower()], route)


def _describe(operation: dict[str, Any], route: ServedRoute) -> None:
    add_problem(operation["responses"], UnauthenticatedError)
    add_problem(operation["responses"], ForwardingRefusedError)
    if route.permission is not None:
        operation["x-permission"] = str(route.permission)
        add_problem(operation["responses"], PermissionDeniedError)
