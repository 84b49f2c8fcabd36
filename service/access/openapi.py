"""What the OpenAPI document says of who may ask: the permission of each operation, 401 and 403."""

from typing import Any

from fastapi import FastAPI

from service.access.errors import PermissionDeniedError
from service.access.http import Guard
from service.access.served import served_routes
from service.core.errors import UnauthenticatedError
from service.core.openapi import add_problem


def describe_access(app: FastAPI, document: dict[str, Any]) -> None:
    """Write into each guarded operation what it needs and how it is refused."""
    for route in served_routes(app):
        if route.is_documented and route.guard is not None:
            for method in route.methods:
                _describe(document["paths"][route.path][method.lower()], route.guard)


def _describe(operation: dict[str, Any], guard: Guard) -> None:
    operation["x-permission"] = str(guard.permission)
    for error in (UnauthenticatedError, PermissionDeniedError):
        add_problem(operation["responses"], error)
