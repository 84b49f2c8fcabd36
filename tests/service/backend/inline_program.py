"""A program without a provider, run through the Automation API in a process of its own.

Arguments: the verb (up, preview, refresh, destroy), the stack, how many children.
"""

import sys
from pathlib import Path

import pulumi
from pulumi import automation


class Group(pulumi.ComponentResource):
    """A component with nothing in it but its name."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("berth:test:Group", name, None, opts)
        self.register_outputs({"label": name})


def program(children: int) -> None:
    group = Group("group")
    for number in range(children):
        Group(f"child-{number}", pulumi.ResourceOptions(parent=group))
    stash = pulumi.Stash("stash", input=pulumi.Output.secret("plain text of a secret"))
    pulumi.export("children", children)
    pulumi.export("hidden", stash.output)


def main(verb: str, stack_name: str, children: int, work_dir: Path) -> None:
    stack = automation.create_or_select_stack(
        stack_name,
        program=lambda: program(children),
        project_name="environments",
        opts=automation.LocalWorkspaceOptions(work_dir=str(work_dir)),
    )
    getattr(stack, verb)()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
