"""`import`: what stands in the cloud becomes part of a stack without a program."""

import shutil

import pytest
from pulumi import ResourceOptions, automation
from pulumi.automation._stack import ImportResource

from tests.conformance.lab import Lab, attempt
from tests.conformance.things import Thing

TYPE = "test:index:Thing"


@pytest.fixture(autouse=True)
def _language_plugin(engine: str) -> None:
    """The official engine asks the project's language for its packages before it imports anything."""
    if engine == "official" and shutil.which("pulumi-language-python") is None:
        pytest.skip("the official engine imports only where its language plugin is on PATH")


def _import(lab: Lab, *resources: ImportResource, **options: object) -> automation.Stack:
    stack = lab.stack(lambda: None)
    stack.import_resources(resources=list(resources), generate_code=False, **options)
    return stack


def test_imported_resource_is_recorded(lab: Lab) -> None:
    """Its inputs and outputs are what the provider reads; nothing in the cloud changes."""
    identity = lab.cloud.add("thing", {"value": 1})
    stack = _import(lab, ImportResource(type=TYPE, name="thing", id=identity))
    thing = lab.resource(stack, "thing")
    assert (thing["id"], thing["inputs"], thing["protect"]) == (identity, {"value": 1}, True)
    assert "importID" not in thing
    assert lab.cloud.called("create") == []


def test_imported_resource_is_taken_up_by_a_program(lab: Lab) -> None:
    """A program that registers it finds it as it is."""
    identity = lab.cloud.add("thing", {"value": 1})
    stack = _import(lab, ImportResource(type=TYPE, name="thing", id=identity), protect=False)

    def program() -> None:
        Thing("thing", {"value": 1})

    assert lab.up(stack, program) == {"same": 2}
    assert lab.destroy(stack) == {"delete": 2}


def test_import_of_what_is_not_there_fails(lab: Lab) -> None:
    """A resource that the provider cannot read is not recorded."""
    stack = lab.stack(lambda: None)
    wanted = ImportResource(type=TYPE, name="thing", id="none")
    error = attempt(lambda: stack.import_resources(resources=[wanted], generate_code=False))
    assert "does not exist" in str(error)
    assert lab.names(stack) == []


def test_import_below_a_parent(lab: Lab) -> None:
    """A parent is named in the table or in the same file."""
    identity = lab.cloud.add("child", {"value": 1})
    stack = _import(
        lab,
        ImportResource(type=TYPE, name="child", id=identity, parent="group"),
        ImportResource(type="local:index:Group", name="group", component=True),
    )
    assert lab.resource(stack, "child")["parent"] == lab.resource(stack, "group")["urn"]


def test_import_beside_what_is_there(lab: Lab) -> None:
    """What the stack holds already stays."""
    stack = lab.stack()

    def program() -> None:
        Thing("old", {"value": 1}, ResourceOptions(protect=False))

    lab.up(stack, program)
    identity = lab.cloud.add("new", {"value": 2})
    wanted = ImportResource(type=TYPE, name="new", id=identity)
    stack.import_resources(resources=[wanted], generate_code=False)
    assert lab.names(stack) == ["new", "old"]


def test_import_of_a_recorded_name_fails(lab: Lab) -> None:
    """A name that stands for another resource already is refused."""
    stack = lab.stack()
    lab.up(stack, lambda: Thing("thing", {"value": 1}) and None)
    identity = lab.cloud.add("other", {"value": 2})
    wanted = ImportResource(type=TYPE, name="thing", id=identity)
    error = attempt(lambda: stack.import_resources(resources=[wanted], generate_code=False))
    assert "already exists" in str(error)


def test_import_without_an_id_is_refused(lab: Lab) -> None:
    """A specification that lacks something is refused before anything happens."""
    stack = lab.stack(lambda: None)
    wanted = ImportResource(type=TYPE, name="thing")
    error = attempt(lambda: stack.import_resources(resources=[wanted], generate_code=False))
    assert "has no ID" in str(error)
