"""What stands already: taken over by the `import` option, or only read."""

from pulumi import ResourceOptions

from tests.conformance.lab import Lab, attempt
from tests.conformance.things import Reading, Thing


def test_import_takes_over_a_resource(lab: Lab) -> None:
    """An import records an existing resource without creating one."""
    identity = lab.cloud.add("a", {"value": 1})

    def program() -> None:
        Thing("a", {"value": 1}, ResourceOptions(import_=identity))

    stack = lab.stack(program)
    assert lab.up(stack) == {"create": 1, "import": 1}
    assert lab.resource(stack, "a")["id"] == identity
    assert lab.cloud.called("create") == []


def test_import_then_update(lab: Lab) -> None:
    """An imported resource whose inputs differ from the program's is updated in the same run."""
    identity = lab.cloud.add("a", {"value": 1})

    def program() -> None:
        Thing("a", {"value": 2}, ResourceOptions(import_=identity))

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.cloud.things[identity]["value"] == 2
    assert lab.resource(stack, "a")["inputs"] == {"value": 2}


def test_import_of_nothing_fails(lab: Lab) -> None:
    """An import of an id that does not exist fails."""

    def program() -> None:
        Thing("a", {}, ResourceOptions(import_="nowhere"))

    stack = lab.stack(program)
    assert attempt(lambda: lab.up(stack)) is not None
    assert any("does not exist" in text for text in lab.diagnostics())


def test_second_run_after_import_is_unchanged(lab: Lab) -> None:
    """The import option does nothing once the resource is recorded."""
    identity = lab.cloud.add("a", {"value": 1})

    def program() -> None:
        Thing("a", {"value": 1}, ResourceOptions(import_=identity))

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.up(stack) == {"same": 2}


def test_read_resource_is_external(lab: Lab) -> None:
    """A resource read by its id is recorded as external and never deleted."""
    identity = lab.cloud.add("other", {"value": 7})

    def program() -> None:
        reading = Reading("reading", identity)
        Thing("user", {"of": reading.arn})

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.resource(stack, "reading")["external"] is True
    assert lab.resource(stack, "user")["inputs"] == {"of": f"arn:{identity}"}
    lab.destroy(stack)
    assert list(lab.cloud.things) == [identity]
    assert lab.resources(stack) == []


def test_read_of_nothing_fails(lab: Lab) -> None:
    """Reading what does not exist fails the run."""
    stack = lab.stack(lambda: Reading("reading", "nowhere") and None)
    assert attempt(lambda: lab.up(stack)) is not None
    assert any("does not exist" in text for text in lab.diagnostics())
