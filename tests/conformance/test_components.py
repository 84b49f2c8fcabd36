"""Components of providers, functions, transforms, hooks, references to other stacks."""

import pulumi
import pytest
from pulumi import ResourceOptions

from tests.conformance.lab import Lab, attempt
from tests.conformance.things import Box, Group, Thing


def test_remote_component_is_constructed(lab: Lab) -> None:
    """The provider registers the component and its children in the program's place."""

    def program() -> None:
        box = Box("box", {"value": "inside"})
        pulumi.export("content", box.content)

    stack = lab.full_stack(program)
    lab.up(stack)
    box, content = lab.resource(stack, "box"), lab.resource(stack, "box-content")
    assert content["parent"] == box["urn"]
    assert content["inputs"] == {"value": "inside"}
    assert stack.outputs()["content"].value == content["outputs"]["arn"]
    assert lab.destroy(stack) == {"delete": 3}
    assert lab.cloud.names() == []


def test_remote_component_waits_for_its_inputs(lab: Lab) -> None:
    """A component made by a provider can use what other resources give."""

    def program() -> None:
        thing = Thing("thing", {"value": 1})
        Box("box", {"value": thing.arn})

    stack = lab.stack(program)
    lab.up(stack)
    arn = lab.resource(stack, "thing")["outputs"]["arn"]
    assert lab.resource(stack, "box-content")["inputs"]["value"] == arn


def test_remote_component_in_preview(lab: Lab) -> None:
    """A preview constructs too, and records nothing."""
    stack = lab.stack(lambda: Box("box", {"value": "inside"}) and None)
    assert lab.preview(stack) == {"create": 3}
    assert lab.names(stack) == []


def test_invoke_answers(lab: Lab) -> None:
    """A function's answer comes back to the program."""

    def program() -> None:
        answer = pulumi.runtime.invoke("test:index:echo", {"text": "hello", "list": [1, None]})
        pulumi.export("answer", answer.value["echo"])

    stack = lab.full_stack(program)
    lab.up(stack)
    assert stack.outputs()["answer"].value == {"text": "hello"} | {"list": [1, None]}


def test_invoke_with_outputs_of_resources(lab: Lab) -> None:
    """A function takes what resources give, and is left out of previews where that is unknown."""

    def program() -> None:
        thing = Thing("thing", {"value": 1})
        answer = pulumi.runtime.invoke_output("test:index:echo", {"of": thing.arn})
        pulumi.export("of", answer.apply(lambda result: result["echo"]["of"]))

    stack = lab.full_stack(program)
    lab.preview(stack)
    assert [call.method for call in lab.cloud.calls if call.method == "invoke"] == []
    lab.up(stack)
    assert stack.outputs()["of"].value == lab.resource(stack, "thing")["outputs"]["arn"]


def test_refused_invoke_fails_the_program(lab: Lab) -> None:
    """What a function refuses ends the program with the property and the reason."""
    stack = lab.stack(lambda: pulumi.runtime.invoke("test:index:echo", {"refuse": True}) and None)
    error = attempt(lambda: lab.up(stack))
    assert error is not None
    assert "as asked" in str(error)


def test_broken_invoke_fails_the_program(lab: Lab) -> None:
    """What a function raises ends the program with its text."""
    stack = lab.stack(lambda: pulumi.runtime.invoke("test:index:echo", {"raise": True}) and None)
    error = attempt(lambda: lab.up(stack))
    assert error is not None
    assert "the function broke" in str(error)


def test_call_answers(lab: Lab) -> None:
    """A method's answer comes back to the program."""

    def program() -> None:
        box = Box("box", {"value": "inside"})
        answer = pulumi.runtime.call("test:index:Box/ask", {"question": 42}, box)
        pulumi.export("answer", answer.apply(lambda result: result["answer"]["question"]))

    stack = lab.full_stack(program)
    lab.up(stack)
    assert stack.outputs()["answer"].value == 42


def test_transform_changes_inputs(lab: Lab) -> None:
    """A transform of the stack changes what every resource is given."""

    def add_tag(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_ != "test:index:Thing":
            return None
        return pulumi.ResourceTransformResult(props={**args.props, "tag": "added"}, opts=args.opts)

    def program() -> None:
        pulumi.runtime.register_resource_transform(add_tag)
        Thing("thing", {"value": 1})

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.resource(stack, "thing")["inputs"] == {"value": 1, "tag": "added"}


def test_transform_changes_options(lab: Lab) -> None:
    """A transform can change options, as protection."""

    def protect(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        options = ResourceOptions.merge(args.opts, ResourceOptions(protect=True))
        return pulumi.ResourceTransformResult(props=args.props, opts=options)

    stack = lab.stack(lambda: Thing("thing", {"value": 1}, ResourceOptions(transforms=[protect])) and None)
    lab.up(stack)
    assert lab.resource(stack, "thing")["protect"] is True


def test_transform_of_component_reaches_children(lab: Lab) -> None:
    """A transform of a component changes its children."""

    def add_tag(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult(props={**args.props, "tag": "added"}, opts=args.opts)

    def program() -> None:
        group = Group("group", ResourceOptions(transforms=[add_tag]))
        Thing("child", {}, ResourceOptions(parent=group))
        Thing("other", {})

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.resource(stack, "child")["inputs"] == {"tag": "added"}
    assert lab.resource(stack, "other").get("inputs", {}) == {}


def test_transform_reaches_remote_children(lab: Lab) -> None:
    """A transform of the stack changes what a provider registers for a component."""

    def add_tag(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_ != "test:index:Thing":
            return None
        return pulumi.ResourceTransformResult(props={**args.props, "tag": "added"}, opts=args.opts)

    def program() -> None:
        pulumi.runtime.register_resource_transform(add_tag)
        Box("box", {"value": "inside"})

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.resource(stack, "box-content")["inputs"] == {"value": "inside", "tag": "added"}


def test_invoke_transform_changes_arguments(lab: Lab) -> None:
    """A transform of functions changes what they are given."""

    def add(args: pulumi.InvokeTransformArgs) -> pulumi.InvokeTransformResult:
        return pulumi.InvokeTransformResult(args={**args.args, "added": True}, opts=args.opts)

    def program() -> None:
        pulumi.runtime.register_invoke_transform(add)
        answer = pulumi.runtime.invoke_output("test:index:echo", {"text": "hello"})
        pulumi.export("answer", answer.apply(lambda result: result["echo"]))

    stack = lab.full_stack(program)
    lab.up(stack)
    assert stack.outputs()["answer"].value == {"text": "hello", "added": True}


def test_hooks_run_around_steps(lab: Lab) -> None:
    """Hooks of a resource run before and after what they are bound to."""
    seen: list[str] = []

    def note(kind: str) -> pulumi.ResourceHook:
        def hook(args: pulumi.ResourceHookArgs) -> None:
            seen.append(f"{kind} {args.name}")

        return pulumi.ResourceHook(kind.replace(" ", "-"), hook)

    def program() -> None:
        binding = pulumi.ResourceHookBinding(
            before_create=[note("before create")], after_create=[note("after create")]
        )
        Thing("thing", {"value": 1}, ResourceOptions(hooks=binding))

    lab.up(lab.stack(program))
    assert seen == ["before create thing", "after create thing"]


def test_failing_before_hook_stops_the_step(lab: Lab) -> None:
    """What a hook raises before a creation keeps the resource from being made."""

    def refuse(args: pulumi.ResourceHookArgs) -> None:
        raise ValueError(f"not {args.name}")

    def program() -> None:
        hook = pulumi.ResourceHook("refuse", refuse)
        Thing("thing", {}, ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[hook])))

    assert attempt(lambda: lab.up(lab.stack(program))) is not None
    assert lab.cloud.names() == []


def test_stack_reference_reads_outputs(lab: Lab) -> None:
    """A program reads what another stack exports."""
    lab.up(lab.stack(lambda: pulumi.export("answer", 42), name="other", project="other"))

    def program() -> None:
        other = pulumi.StackReference("organization/other/other")
        pulumi.export("answer", other.require_output("answer"))

    stack = lab.full_stack(program)
    lab.up(stack)
    assert stack.outputs()["answer"].value == 42


def test_stack_reference_keeps_secrets(lab: Lab) -> None:
    """A secret output of another stack is secret here."""
    lab.up(
        lab.stack(lambda: pulumi.export("word", pulumi.Output.secret("hush")), name="other", project="other")
    )

    def program() -> None:
        other = pulumi.StackReference("organization/other/other")
        pulumi.export("word", other.get_output("word"))

    stack = lab.full_stack(program)
    lab.up(stack)
    assert (stack.outputs()["word"].value, stack.outputs()["word"].secret) == ("hush", True)


def test_stack_reference_to_nothing_fails(lab: Lab) -> None:
    """A reference to a stack that does not exist fails the run."""
    stack = lab.stack(lambda: pulumi.StackReference("organization/other/none") and None)
    assert attempt(lambda: lab.up(stack)) is not None
    assert any("none" in text for text in lab.diagnostics())


@pytest.mark.parametrize("kind", ["text", "file", "archive"])
def test_assets_are_recorded_by_their_hash(lab: Lab, kind: str) -> None:
    """Assets and archives are told apart by their content."""
    path = lab.root / "file.txt"

    def program() -> None:
        made: dict[str, pulumi.Asset | pulumi.Archive] = {
            "text": pulumi.StringAsset("some text"),
            "file": pulumi.FileAsset(str(path)),
            "archive": pulumi.AssetArchive({"a.txt": pulumi.FileAsset(str(path))}),
        }
        Thing("thing", {"content": made[kind]})

    path.write_text("first")
    stack = lab.stack(program)
    lab.up(stack)
    recorded = lab.resource(stack, "thing")["inputs"]["content"]
    assert len(recorded["hash"]) == 64
    assert lab.up(stack) == {"same": 2}
    path.write_text("second")
    expected = {"same": 2} if kind == "text" else {"same": 1, "update": 1}
    assert lab.up(stack) == expected
