"""Resources of the test cloud as programs use them."""

from collections.abc import Mapping

import pulumi


class Thing(pulumi.CustomResource):
    """A custom resource whose inputs are whatever it is given."""

    arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        props: Mapping[str, pulumi.Input[object]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("test:index:Thing", name, {"arn": None, **(props or {})}, opts)


class Reading(pulumi.CustomResource):
    """A custom resource read by its id."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, identity: pulumi.Input[str]) -> None:
        super().__init__("test:index:Thing", name, {"arn": None}, pulumi.ResourceOptions(id=identity))


class Provider(pulumi.ProviderResource):
    """An explicit provider of the test cloud."""

    def __init__(
        self,
        name: str,
        props: Mapping[str, pulumi.Input[object]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("test", name, dict(props or {}), opts)


class Group(pulumi.ComponentResource):
    """A component written in the program."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("local:index:Group", name, {}, opts)


class Box(pulumi.ComponentResource):
    """A component that the provider constructs."""

    content: pulumi.Output[str]

    def __init__(
        self, name: str, props: Mapping[str, pulumi.Input[object]], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("test:index:Box", name, {"content": None, **props}, opts, remote=True)
