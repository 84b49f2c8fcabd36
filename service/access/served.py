"""Every route that an application serves, with what guards it: for the document and for the tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from fastapi import FastAPI
from fastapi.params import Depends
from fastapi.routing import RouteContext, iter_route_contexts

from service.access.http import Open, RouteGuard
from service.access.permissions import Permission


@dataclass(frozen=True, slots=True)
class ServedRoute:
    """A route: `guards` holds one, in a well-formed application; `parameters` those of its path."""

    path: str
    methods: frozenset[str]
    guards: tuple[RouteGuard, ...]
    parameters: frozenset[str]
    is_documented: bool

    @property
    def is_open(self) -> bool:
        """Whether nothing needs to be proved."""
        return all(isinstance(one, Open) for one in self.guards)

    @property
    def permission(self) -> Permission | None:
        """The permission that the route needs; None where it needs none."""
        return next((one.needed for one in self.guards if one.needed is not None), None)


def served_routes(app: FastAPI) -> Sequence[ServedRoute]:
    """Return the routes in the order in which they are tried."""
    return [_served(context) for context in iter_route_contexts(app.routes)]


def _served(context: RouteContext) -> ServedRoute:
    dependencies = cast("Sequence[Depends]", getattr(context, "dependencies", ()))
    calls = (dependency.dependency for dependency in dependencies)
    return ServedRoute(
        path=context.path_format or context.path or "",
        methods=frozenset(context.methods or ()),
        guards=tuple(call for call in calls if isinstance(call, RouteGuard)),
        parameters=frozenset(cast("dict[str, object]", getattr(context, "param_convertors", {}))),
        is_documented=bool(getattr(context, "include_in_schema", False)),
    )
