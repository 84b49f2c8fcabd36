"""Resource options: protect, retain, ignore, aliases, providers and the rest."""

import pulumi
from pulumi import Alias, ResourceOptions, automation

from tests.conformance.lab import Lab, attempt
from tests.conformance.things import Group, Provider, Thing


def one(
    props: dict[str, object], opts: ResourceOptions | None = None, name: str = "one"
) -> automation.PulumiFn:
    def program() -> None:
        Thing(name, props, opts)

    return program


def nothing() -> None:
    """Register nothing."""


def test_protected_resource_is_not_deleted(lab: Lab) -> None:
    """Removing a protected resource from the program fails and keeps it."""
    stack = lab.stack()
    lab.up(stack, one({}, ResourceOptions(protect=True)))
    assert attempt(lambda: lab.up(stack, nothing)) is not None
    assert any("cannot be deleted" in text and "protected" in text for text in lab.diagnostics())
    assert lab.cloud.names() == ["one"]
    assert lab.resource(stack, "one")["protect"] is True


def test_protected_resource_is_not_replaced(lab: Lab) -> None:
    """A replacement of a protected resource fails before anything is created."""
    stack = lab.stack()
    opts = ResourceOptions(protect=True)
    lab.up(stack, one({"replace": 1}, opts))
    assert attempt(lambda: lab.up(stack, one({"replace": 2}, opts))) is not None
    assert any("unable to replace resource" in text for text in lab.diagnostics())
    assert list(lab.cloud.things) == ["one-1"]


def test_protected_resource_may_be_updated(lab: Lab) -> None:
    """Protection does not stand in the way of an update."""
    stack = lab.stack()
    opts = ResourceOptions(protect=True)
    lab.up(stack, one({"v": 1}, opts))
    assert lab.up(stack, one({"v": 2}, opts))["update"] == 1


def test_protection_can_be_taken_away(lab: Lab) -> None:
    """Without its protection a resource can be deleted in the next run."""
    stack = lab.stack()
    lab.up(stack, one({}, ResourceOptions(protect=True)))
    assert lab.up(stack, one({})) == {"same": 2}
    assert lab.up(stack, nothing) == {"same": 1, "delete": 1}


def test_children_inherit_protection(lab: Lab) -> None:
    """A child of a protected component is protected."""

    def program() -> None:
        group = Group("group", ResourceOptions(protect=True))
        Thing("inside", {}, ResourceOptions(parent=group))

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.resource(stack, "inside")["protect"] is True


def test_destroy_fails_on_protected(lab: Lab) -> None:
    """Destroy deletes what is not protected and fails for the rest."""

    def program() -> None:
        Thing("kept", {}, ResourceOptions(protect=True))
        Thing("gone", {})

    stack = lab.stack(program)
    lab.up(stack)
    assert attempt(lambda: lab.destroy(stack)) is not None
    assert lab.cloud.names() == ["kept"]
    assert lab.names(stack) == ["kept"]


def test_destroy_exclude_protected(lab: Lab) -> None:
    """`exclude_protected` destroys around what is protected."""

    def program() -> None:
        Thing("kept", {}, ResourceOptions(protect=True))
        Thing("gone", {})

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.destroy(stack, exclude_protected=True)["delete"] == 1
    assert lab.cloud.names() == ["kept"]


def test_retained_resource_stays_in_the_cloud(lab: Lab) -> None:
    """`retain_on_delete` forgets a resource without deleting it."""
    stack = lab.stack()
    lab.up(stack, one({}, ResourceOptions(retain_on_delete=True)))
    assert lab.up(stack, nothing)["delete"] == 1
    assert lab.cloud.names() == ["one"]
    assert lab.names(stack) == []


def test_retained_resource_stays_when_replaced(lab: Lab) -> None:
    """A replaced resource that is to be retained is not deleted."""
    stack = lab.stack()
    opts = ResourceOptions(retain_on_delete=True)
    lab.up(stack, one({"replace": 1}, opts))
    lab.up(stack, one({"replace": 2}, opts))
    assert sorted(lab.cloud.things) == ["one-1", "one-2"]


def test_ignored_change_is_no_change(lab: Lab) -> None:
    """A change of an ignored property changes nothing and the old value stays recorded."""
    stack = lab.stack()
    opts = ResourceOptions(ignore_changes=["v"])
    lab.up(stack, one({"v": 1}, opts))
    assert lab.up(stack, one({"v": 2}, opts)) == {"same": 2}
    assert lab.resource(stack, "one")["inputs"] == {"v": 1}


def test_ignored_path_deep_inside(lab: Lab) -> None:
    """A path into a value ignores only what it names."""
    stack = lab.stack()
    opts = ResourceOptions(ignore_changes=["v.a[0].b"])
    lab.up(stack, one({"v": {"a": [{"b": 1, "c": 1}]}}, opts))
    lab.up(stack, one({"v": {"a": [{"b": 2, "c": 2}]}}, opts))
    assert lab.resource(stack, "one")["inputs"] == {"v": {"a": [{"b": 1, "c": 2}]}}


def test_ignored_wildcard(lab: Lab) -> None:
    """A wildcard ignores a property of every element."""
    stack = lab.stack()
    opts = ResourceOptions(ignore_changes=["v[*].b"])
    lab.up(stack, one({"v": [{"b": 1}, {"b": 2}]}, opts))
    assert lab.up(stack, one({"v": [{"b": 3}, {"b": 4}]}, opts)) == {"same": 2}


def test_ignored_everything(lab: Lab) -> None:
    """`*` ignores every change."""
    stack = lab.stack()
    opts = ResourceOptions(ignore_changes=["*"])
    lab.up(stack, one({"v": 1}, opts))
    assert lab.up(stack, one({"v": 2, "w": 3}, opts)) == {"same": 2}


def test_ignored_applies_not_to_creation(lab: Lab) -> None:
    """An ignored property is used when the resource is created."""
    stack = lab.stack()
    lab.up(stack, one({"v": 1}, ResourceOptions(ignore_changes=["v"])))
    assert lab.resource(stack, "one")["inputs"] == {"v": 1}


def test_replace_on_changes(lab: Lab) -> None:
    """`replace_on_changes` turns an update of a property into a replacement."""
    stack = lab.stack()
    opts = ResourceOptions(replace_on_changes=["v"])
    lab.up(stack, one({"v": 1, "w": 1}, opts))
    assert lab.up(stack, one({"v": 1, "w": 2}, opts))["update"] == 1
    assert lab.up(stack, one({"v": 2, "w": 2}, opts))["replace"] == 1


def test_replace_on_any_change(lab: Lab) -> None:
    """`*` replaces on every change."""
    stack = lab.stack()
    opts = ResourceOptions(replace_on_changes=["*"])
    lab.up(stack, one({"v": 1}, opts))
    assert lab.up(stack, one({"v": 2}, opts))["replace"] == 1


def test_alias_by_name_renames(lab: Lab) -> None:
    """A renamed resource with an alias is the same resource."""
    stack = lab.stack()
    lab.up(stack, one({}, name="before"))
    assert lab.up(stack, one({}, ResourceOptions(aliases=[Alias(name="before")]), "after")) == {"same": 2}
    assert lab.names(stack) == ["after"]
    assert list(lab.cloud.things) == ["before-1"]


def test_without_alias_a_rename_is_a_new_resource(lab: Lab) -> None:
    """A renamed resource without an alias is created and the old one deleted."""
    stack = lab.stack()
    lab.up(stack, one({}, name="before"))
    assert lab.up(stack, one({}, name="after")) == {"same": 1, "create": 1, "delete": 1}


def test_alias_by_urn(lab: Lab) -> None:
    """An alias may be a whole URN."""
    stack = lab.stack()
    lab.up(stack, one({}, name="before"))
    urn = lab.resource(stack, "before")["urn"]
    assert lab.up(stack, one({}, ResourceOptions(aliases=[urn]), "after")) == {"same": 2}


def test_alias_of_new_parent(lab: Lab) -> None:
    """A resource that moves into a component keeps its identity by an alias without a parent."""

    def program() -> None:
        group = Group("group")
        Thing("one", {}, ResourceOptions(parent=group, aliases=[Alias(parent=pulumi.ROOT_STACK_RESOURCE)]))

    stack = lab.stack()
    lab.up(stack, one({}))
    assert lab.up(stack, program) == {"same": 2, "create": 1}
    assert lab.resource(stack, "one")["parent"] == lab.resource(stack, "group")["urn"]


def test_alias_of_component_renames_children(lab: Lab) -> None:
    """Children of a renamed component follow it."""

    def program(name: str, opts: ResourceOptions | None = None) -> automation.PulumiFn:
        def run() -> None:
            group = Group(name, opts)
            Thing(f"{name}-child", {}, ResourceOptions(parent=group))

        return run

    stack = lab.stack()
    lab.up(stack, program("old"))
    changes = lab.up(stack, program("new", ResourceOptions(aliases=[Alias(name="old")])))
    assert changes == {"same": 3}
    assert lab.names(stack) == ["new", "new-child"]


def test_depends_on_orders_creation(lab: Lab) -> None:
    """`depends_on` orders resources that share no values."""

    def program() -> None:
        first = Thing("zz-first", {})
        Thing("aa-second", {}, ResourceOptions(depends_on=[first]))

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.cloud.called("create") == ["zz-first", "aa-second"]
    assert lab.resource(stack, "aa-second")["dependencies"] == [lab.resource(stack, "zz-first")["urn"]]


def test_depends_on_component_waits_for_children(lab: Lab) -> None:
    """Depending on a component means depending on what is inside it."""

    def program() -> None:
        group = Group("group")
        inside = Thing("inside", {}, ResourceOptions(parent=group))
        group.register_outputs({"arn": inside.arn})
        Thing("after", {}, ResourceOptions(depends_on=[group]))

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.cloud.called("create") == ["inside", "after"]
    lab.destroy(stack)
    assert lab.cloud.called("delete") == ["after", "inside"]


def test_deleted_with_skips_the_deletion(lab: Lab) -> None:
    """A resource that is deleted with another is not deleted by itself."""

    def program() -> None:
        host = Thing("host", {})
        Thing("guest", {}, ResourceOptions(deleted_with=host))

    stack = lab.stack(program)
    lab.up(stack)
    lab.destroy(stack)
    assert lab.cloud.called("delete") == ["host"]
    assert lab.resources(stack) == []


def test_custom_timeouts_reach_the_provider(lab: Lab) -> None:
    """Custom timeouts are given to the provider in seconds and recorded."""
    stack = lab.stack()
    opts = ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="5m", delete="1h30m"))
    lab.up(stack, one({}, opts))
    (create,) = [call for call in lab.cloud.calls if call.method == "create"]
    assert create.timeout_seconds == 300
    assert lab.resource(stack, "one")["customTimeouts"] == {"create": 300, "delete": 5400}
    lab.destroy(stack)
    (delete,) = [call for call in lab.cloud.calls if call.method == "delete"]
    assert delete.timeout_seconds == 5400


def test_explicit_provider_serves_its_resources(lab: Lab) -> None:
    """A resource names its explicit provider and that one is configured as asked."""

    def program() -> None:
        provider = Provider("mine", {"region": "here"})
        Thing("one", {}, ResourceOptions(provider=provider))

    stack = lab.stack(program)
    assert lab.up(stack) == {"create": 3}
    provider = lab.resource(stack, "mine")
    assert lab.resource(stack, "one")["provider"] == f"{provider['urn']}::{provider['id']}"
    assert {"region": "here"} in lab.served.provider.configurations
    assert not any(item["urn"].endswith("::default") for item in lab.resources(stack))


def test_children_inherit_the_provider(lab: Lab) -> None:
    """Resources in a component use the provider that the component was given."""

    def program() -> None:
        provider = Provider("mine", {"region": "here"})
        group = Group("group", ResourceOptions(providers=[provider]))
        Thing("inside", {}, ResourceOptions(parent=group))

    stack = lab.stack(program)
    lab.up(stack)
    assert "::mine::" in lab.resource(stack, "inside")["provider"]


def test_provider_update_keeps_its_resources(lab: Lab) -> None:
    """A changed provider setting updates the provider and not its resources."""

    def program(region: str) -> automation.PulumiFn:
        def run() -> None:
            provider = Provider("mine", {"region": region})
            Thing("one", {}, ResourceOptions(provider=provider))

        return run

    stack = lab.stack()
    lab.up(stack, program("here"))
    assert lab.up(stack, program("there")) == {"same": 2, "update": 1}
    assert {"region": "there"} in lab.served.provider.configurations


def test_provider_replacement_replaces_its_resources(lab: Lab) -> None:
    """A replaced provider replaces its resources, deleted by the old one."""

    def program(account: str) -> automation.PulumiFn:
        def run() -> None:
            provider = Provider("mine", {"replaceAccount": account})
            Thing("one", {}, ResourceOptions(provider=provider))

        return run

    stack = lab.stack()
    lab.up(stack, program("a"))
    assert lab.up(stack, program("b")) == {"same": 1, "replace": 2}
    assert list(lab.cloud.things) == ["one-2"]


def test_provider_with_refused_settings(lab: Lab) -> None:
    """A provider whose settings are refused fails the run."""

    def program() -> None:
        provider = Provider("mine", {"bad": "yes"})
        Thing("one", {}, ResourceOptions(provider=provider))

    stack = lab.stack(program)
    assert attempt(lambda: lab.up(stack)) is not None
    assert any("is not wanted" in text for text in lab.diagnostics())


def test_provider_settings_come_from_config(lab: Lab) -> None:
    """The default provider is configured by the stack's configuration."""
    stack = lab.stack(one({}))
    stack.workspace.set_config(stack.name, "test:region", pulumi.automation.ConfigValue("here"))
    lab.up(stack)
    assert {"region": "here"} in lab.served.provider.configurations


def test_version_names_the_default_provider(lab: Lab) -> None:
    """A version in the options names another default provider."""
    stack = lab.stack(one({}, ResourceOptions(version="1.2.3")))
    lab.up(stack)
    provider = lab.resource(stack, "default_1_2_3")
    assert provider["inputs"]["version"] == "1.2.3"


def test_replacement_trigger(lab: Lab) -> None:
    """A changed replacement trigger replaces the resource."""
    stack = lab.stack()
    lab.up(stack, one({}, ResourceOptions(replacement_trigger="a")))
    assert lab.up(stack, one({}, ResourceOptions(replacement_trigger="a"))) == {"same": 2}
    assert lab.up(stack, one({}, ResourceOptions(replacement_trigger="b")))["replace"] == 1
