"""Configuration: set, read, nested, secret, removed; and as programs see it."""

import pulumi
import pytest
from pulumi.automation import ConfigValue

from tests.conformance.lab import Lab, attempt


def test_value_is_set_and_read(lab: Lab) -> None:
    """A value is there until it is set anew; a bare key belongs to the project."""
    stack = lab.stack(lambda: None)
    stack.set_config("color", ConfigValue("red"))
    assert stack.get_config("color").value == "red"
    stack.set_config("lab:color", ConfigValue("blue"))
    assert stack.get_config("color").value == "blue"


TEXTS = ["", " two words ", "-dash", "--flag", "1.0", "true", "a: b", "üñí", "l1\nl2", "{}"]


@pytest.mark.parametrize("value", TEXTS)
def test_any_text_is_kept(lab: Lab, value: str) -> None:
    """A value comes back as it was given, whatever it looks like."""
    stack = lab.stack(lambda: None)
    stack.set_config("text", ConfigValue(value))
    assert stack.get_config("text").value == value
    assert stack.get_all_config()["lab:text"].value == value


def test_secret_comes_back(lab: Lab) -> None:
    """A secret is read back with its mark."""
    stack = lab.stack(lambda: None)
    stack.set_config("password", ConfigValue("hush", secret=True))
    found = stack.get_config("password")
    assert (found.value, found.secret) == ("hush", True)


def test_unknown_key_fails(lab: Lab) -> None:
    """Reading what was not set is an error that names the key."""
    error = attempt(lambda: lab.stack(lambda: None).get_config("none"))
    assert "configuration key 'none' not found for stack 'dev'" in str(error)


def test_many_are_set_at_once(lab: Lab) -> None:
    """Plain and secret values are set in one go and listed together."""
    stack = lab.stack(lambda: None)
    stack.set_all_config(
        {"a": ConfigValue("1"), "b": ConfigValue("two", secret=True), "other:c": ConfigValue("3")}
    )
    found = stack.get_all_config()
    assert {key: (item.value, item.secret) for key, item in found.items()} == {
        "lab:a": ("1", False),
        "lab:b": ("two", True),
        "other:c": ("3", False),
    }


def test_nested_values_by_path(lab: Lab) -> None:
    """Paths reach into objects and lists, and make them."""
    stack = lab.stack(lambda: None)
    stack.set_config("tree.branch[0].leaf", ConfigValue("green"), path=True)
    stack.set_config("tree.branch[1]", ConfigValue("7"), path=True)
    stack.set_config("tree.bare", ConfigValue("true"), path=True)
    assert stack.get_config("tree.branch[0].leaf", path=True).value == "green"
    assert stack.get_config("tree").value == '{"bare":true,"branch":[{"leaf":"green"},7]}'


def test_dots_are_plain_without_path(lab: Lab) -> None:
    """A key may hold dots when no path is meant."""
    stack = lab.stack(lambda: None)
    stack.set_config("a.b", ConfigValue("1"))
    assert stack.get_config("a.b").value == "1"


def test_secret_inside_an_object(lab: Lab) -> None:
    """A path may lead to a secret: the whole is then secret."""
    stack = lab.stack(lambda: None)
    stack.set_config("tree.open", ConfigValue("a"), path=True)
    stack.set_config("tree.hidden", ConfigValue("hush", secret=True), path=True)
    found = stack.get_config("tree.hidden", path=True)
    assert (found.value, found.secret) == ("hush", True)
    whole = stack.get_config("tree")
    assert (whole.value, whole.secret) == ('{"hidden":"hush","open":"a"}', True)
    assert "hush" not in (lab.root / "work" / "lab" / "Pulumi.dev.yaml").read_text()


def test_value_is_removed(lab: Lab) -> None:
    """A removed value is gone, and a path removes inside."""
    stack = lab.stack(lambda: None)
    stack.set_all_config({"a": ConfigValue("1"), "b": ConfigValue("2")})
    stack.set_config("tree.x", ConfigValue("1"), path=True)
    stack.set_config("tree.y", ConfigValue("2"), path=True)
    stack.remove_config("a")
    stack.remove_config("tree.x", path=True)
    assert sorted(stack.get_all_config()) == ["lab:b", "lab:tree"]
    assert stack.get_config("tree").value == '{"y":2}'


def test_many_are_removed_at_once(lab: Lab) -> None:
    """Several values go in one go."""
    stack = lab.stack(lambda: None)
    stack.set_all_config({"a": ConfigValue("1"), "b": ConfigValue("2"), "c": ConfigValue("3")})
    stack.remove_all_config(["a", "b"])
    assert sorted(stack.get_all_config()) == ["lab:c"]


def test_programs_read_their_configuration(lab: Lab) -> None:
    """Types, objects, namespaces and secrets come through."""

    def program() -> None:
        config = pulumi.Config()
        pulumi.export("int", config.require_int("int"))
        pulumi.export("bool", config.require_bool("bool"))
        pulumi.export("tree", config.require_object("tree"))
        pulumi.export("other", pulumi.Config("other").get("x"))
        pulumi.export("absent", config.get("absent") or "default")

    stack = lab.full_stack(program)
    stack.set_all_config({"int": ConfigValue("3"), "bool": ConfigValue("true"), "other:x": ConfigValue("y")})
    stack.set_config("tree.list[0]", ConfigValue("1"), path=True)
    lab.up(stack)
    assert {name: output.value for name, output in stack.outputs().items()} == {
        "int": 3,
        "bool": True,
        "tree": {"list": [1]},
        "other": "y",
        "absent": "default",
    }


def test_missing_configuration_fails_the_run(lab: Lab) -> None:
    """A program that needs a value says which when it is not there."""
    stack = lab.stack(lambda: pulumi.Config().require("needed") and None)
    error = attempt(lambda: lab.up(stack))
    assert "lab:needed" in str(error)


def test_configuration_follows_the_file(lab: Lab) -> None:
    """What is written into the stack's file by hand counts."""
    stack = lab.stack(lambda: None)
    stack.set_config("color", ConfigValue("red"))
    path = lab.root / "work" / "lab" / "Pulumi.dev.yaml"
    path.write_text(path.read_text().replace("red", "blue"))
    assert stack.get_config("color").value == "blue"
