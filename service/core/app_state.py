"""What the application holds for as long as it runs, and how a route reaches it."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.unit_of_work import UnitOfWorkFactory
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class AppState:
    """The process's settings and its one way to the database."""

    settings: Settings
    database: AsyncEngine
    uow_factory: UnitOfWorkFactory


def keep_state(app: FastAPI, state: AppState) -> None:
    """Put the state where requests find it."""
    app.state.berth = state


def state_of(request: Request) -> AppState:
    """Return the state of the application that answers this request."""
    return cast("AppState", request.app.state.berth)


def _settings_of(request: Request) -> Settings:
    return state_of(request).settings


def _uow_factory_of(request: Request) -> UnitOfWorkFactory:
    return state_of(request).uow_factory


SettingsOf = Annotated[Settings, Depends(_settings_of)]
Uows = Annotated[UnitOfWorkFactory, Depends(_uow_factory_of)]
