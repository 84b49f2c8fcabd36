"""What the OpenAPI document says of who may ask: how to prove it, and each operation's permission."""

from typing import Any

from fastapi import FastAPI

from service.access.errors import ForwardingRefusedError, PermissionDeniedError, RateLimitedError
from service.access.served import ServedRoute, served_routes
from service.core.errors import UnauthenticatedError
from service.core.openapi import add_problem
from service.identity.settings import OidcSetting
from service.settings import Settings

BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A service token, a personal access token, or a token of the identity provider",
}


def describe_access(settings: Settings, app: FastAPI, document: dict[str, Any]) -> None:
    """Write into each operation that is not open to all what it needs and how it is refused."""
    schemes: dict[str, object] = {"bearer": BEARER}
    if settings.oidc is not None and settings.oidc.client_id is not None:
        schemes["oidc"] = _sign_in(settings.oidc)
    document["components"]["securitySchemes"] = schemes
    security: list[dict[str, list[str]]] = [{name: []} for name in schemes]
    if not settings.authenticates:
        security.append({})  # nobody has to prove anything
    for route in served_routes(app):
        if route.is_documented and not route.is_open:
            for method in route.methods:
                operation = document["paths"][route.path][method.lower()]
                operation["security"] = security
                _describe(operation, route)


def _sign_in(oidc: OidcSetting) -> dict[str, object]:
    flow = {
        "authorizationUrl": oidc.authorization_url,
        "tokenUrl": oidc.token_url,
        "scopes": {scope: f"`{scope}` of the identity provider" for scope in oidc.scopes},
    }
    return {
        "type": "oauth2",
        "description": f"Sign in at {oidc.issuer}",
        "flows": {"authorizationCode": flow},
        "x-client-id": oidc.client_id,
    }


def _describe(operation: dict[str, Any], route: ServedRoute) -> None:
    add_problem(operation["responses"], UnauthenticatedError)
    add_problem(operation["responses"], ForwardingRefusedError)
    add_problem(operation["responses"], RateLimitedError)
    if route.permission is not None:
        operation["x-permission"] = str(route.permission)
        add_problem(operation["responses"], PermissionDeniedError)
