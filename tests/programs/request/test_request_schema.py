"""The published JSON Schema and the page written from it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from programs.catalogue import BLUEPRINTS
from programs.request.reference import ADDITIONS, reference_text, rows_of

ROOT = Path(__file__).parents[3]


def fields_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every field of every part, as PART.FIELD; what it shares with the part it refers to is the part's."""
    parts = {"request": schema, **schema["$defs"]}
    for part, definition in parts.items():
        for name, field in definition.get("properties", {}).items():
            referred = schema["$defs"].get(field.get("$ref", "").rpartition("/")[2], {})
            shared = {key: referred[key] for key in ("title", "description") if key in referred}
            yield f"{part}.{name}", {**shared, **field}


@pytest.mark.parametrize("name", ["ecs", "eks"])
def test_every_field_is_fit_for_a_form(name: str) -> None:
    """Every field has a title, a description and examples."""
    lacking = [
        f"{path}: {key}"
        for path, field in fields_of(BLUEPRINTS[name].json_schema())
        for key in ("title", "description", "examples")
        if not field.get(key)
    ]
    assert lacking == []


@pytest.mark.parametrize("name", ["ecs", "eks"])
def test_numbers_are_bounded(name: str) -> None:
    """Every whole number has a least and a greatest value."""
    unbounded = [
        path
        for path, field in fields_of(BLUEPRINTS[name].json_schema())
        for option in field.get("anyOf", [field])
        if option.get("type") == "integer" and not {"minimum", "maximum"} <= option.keys()
    ]
    assert unbounded == []


@pytest.mark.parametrize("name", ["ecs", "eks"])
def test_unknown_keys_are_refused_by_the_schema_too(name: str) -> None:
    """Every part with fields says that it takes no others."""
    schema = BLUEPRINTS[name].json_schema()
    parts = [schema, *schema["$defs"].values()]
    assert all(part["additionalProperties"] is False for part in parts if "properties" in part)


@pytest.mark.parametrize("name", ["ecs", "eks"])
def test_the_schema_accepts_the_examples(name: str) -> None:
    """A form that checks by the published schema lets every example through."""
    blueprint = BLUEPRINTS[name]
    validator = jsonschema_rs.validator_for(json.dumps(blueprint.json_schema()))
    for example in blueprint.examples:
        assert [error.message for error in validator.iter_errors(example.document)] == [], example.name


@pytest.mark.parametrize("name", ["ecs", "eks"])
def test_the_examples_of_fields_fit_their_schema(name: str) -> None:
    """What a field shows as an example is something it takes."""
    schema = BLUEPRINTS[name].json_schema()
    misfits: list[str] = []
    for path, field in fields_of(schema):
        own = {**{key: value for key, value in field.items() if key != "examples"}, "$defs": schema["$defs"]}
        validator = jsonschema_rs.validator_for(json.dumps(own))
        misfits += [f"{path}: {example}" for example in field["examples"] if not validator.is_valid(example)]
    assert misfits == []


def test_blueprints_say_what_they_are() -> None:
    """Each blueprint has a title, a description, a version and examples with summaries."""
    assert set(BLUEPRINTS) == {"ecs", "eks"}
    for name, blueprint in BLUEPRINTS.items():
        assert blueprint.name == name
        assert blueprint.title
        assert blueprint.description
        assert blueprint.version.count(".") == 2
        assert {"minimal", "production", "shop"} <= {example.name for example in blueprint.examples}
        assert all(example.summary for example in blueprint.examples)
        assert all(example.document["orchestrator"] == name for example in blueprint.examples)


def test_the_reference_page_is_up_to_date() -> None:
    """docs/request.md is what the models say; write it anew with `python -m programs.request.reference`."""
    assert (ROOT / "docs" / "request.md").read_text() == reference_text()


def test_additions_are_fields() -> None:
    """Every field listed as an addition exists on one of the orchestrators."""
    paths = {row.path for blueprint in BLUEPRINTS.values() for row in rows_of(blueprint.request_model)}
    assert set(ADDITIONS) <= paths


def test_the_catalogue_imports_quickly_and_without_pulumi() -> None:
    """The API shows the catalogue, so importing it takes under a second of processor time and no Pulumi."""
    script = (
        "import sys, time; start = time.process_time()\n"
        "import programs.catalogue, programs.request, programs.program, programs.planning.cidr\n"
        "import programs.planning.peers, programs.planning.priorities, programs.planning.tags\n"
        "print(time.process_time() - start, sorted(m for m in sys.modules if m.startswith('pulumi')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    seconds, modules = done.stdout.split(" ", 1)
    assert modules.strip() == "[]"
    assert float(seconds) < 1
