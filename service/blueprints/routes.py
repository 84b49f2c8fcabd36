"""Blueprints over HTTP: what kinds of environment there are and what a request for one looks like."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, JsonValue

from programs.catalogue import BLUEPRINTS, Blueprint
from service.access.http import requires
from service.access.permissions import Permission
from service.blueprints.backstage import SoftwareTemplate, software_template
from service.blueprints.errors import BlueprintNotFoundError
from service.core.openapi import problems

router = APIRouter(prefix="/v1/blueprints", tags=["Blueprints"])

BlueprintName = Annotated[str, Path(max_length=64, examples=["ecs"])]


class BlueprintSummary(BaseModel):
    """A kind of environment."""

    name: str = Field(examples=["ecs"])
    version: str
    title: str
    description: str


class ExampleView(BaseModel):
    """A whole request that is accepted as it stands."""

    name: str
    summary: str
    document: dict[str, JsonValue]


class BlueprintView(BlueprintSummary):
    """A kind of environment, with all that a form for it needs."""

    json_schema: dict[str, JsonValue] = Field(description="JSON Schema (2020-12) of the request")
    examples: list[ExampleView]


class BlueprintList(BaseModel):
    """Every blueprint; there are few, so they come on one page."""

    items: list[BlueprintSummary]
    next_page_token: None = None


@router.get(
    "",
    operation_id="list_blueprints",
    dependencies=[requires(Permission.BLUEPRINTS_READ)],
    summary="List the kinds of environment",
    responses=problems(),
)
async def list_all() -> BlueprintList:
    """List the blueprints that this version has."""
    return BlueprintList(items=[_summary(blueprint) for blueprint in BLUEPRINTS.values()])


@router.get(
    "/{name}",
    operation_id="get_blueprint",
    dependencies=[requires(Permission.BLUEPRINTS_READ)],
    summary="Read a blueprint",
    responses=problems(BlueprintNotFoundError),
)
async def get(name: BlueprintName) -> BlueprintView:
    """Read a blueprint with its JSON Schema and examples."""
    blueprint = _find(name)
    return BlueprintView.model_validate(
        {
            **_summary(blueprint).model_dump(),
            "json_schema": blueprint.json_schema(),
            "examples": [asdict(example) for example in blueprint.examples],
        }
    )


@router.get(
    "/{name}/backstage",
    operation_id="get_backstage_template",
    dependencies=[requires(Permission.BLUEPRINTS_READ)],
    summary="Read a blueprint as a Backstage template",
    responses=problems(BlueprintNotFoundError),
)
async def get_backstage_template(name: BlueprintName) -> SoftwareTemplate:
    """Read the software template with which Backstage asks for such an environment."""
    return software_template(_find(name))


def _find(name: str) -> Blueprint:
    blueprint = BLUEPRINTS.get(name)
    if blueprint is None:
        raise BlueprintNotFoundError(
            f"there is no blueprint of this name; there are {', '.join(sorted(BLUEPRINTS))}"
        )
    return blueprint


def _summary(blueprint: Blueprint) -> BlueprintSummary:
    return BlueprintSummary(
        name=blueprint.name,
        version=blueprint.version,
        title=blueprint.title,
        description=blueprint.description,
    )
