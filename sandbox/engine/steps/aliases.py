"""The names under which a resource may have been recorded: pure."""

from collections.abc import Mapping, Sequence

from sandbox.engine import urn as urns
from sandbox.engine.steps.model import Alias


def former_urns(
    stack: str,
    project: str,
    parent: str,
    type_token: str,
    name: str,
    aliases: Sequence[Alias],
    renamed_parents: Mapping[str, str],
) -> list[str]:
    """URNs to look for, the resource's own aliases first, then those that its parent's new name brings.

    Args:
        stack: The stack of this run.
        project: The project of this run.
        parent: The resource's parent, if any.
        type_token: The resource's type.
        name: The resource's name.
        aliases: What the program says.
        renamed_parents: The recorded URN of every parent that was found under an alias.
    """
    own = [_collapse(alias, stack, project, parent, type_token, name, renamed_parents) for alias in aliases]
    found = dict.fromkeys(own)
    former_parent = renamed_parents.get(parent)
    if former_parent is not None:
        found[_inherited(stack, project, parent, former_parent, type_token, name)] = None
        for alias_urn in own:
            parts = urns.parse(alias_urn)
            found[_inherited(stack, project, parent, former_parent, parts.type, parts.name)] = None
    return list(found)


def _collapse(
    alias: Alias,
    stack: str,
    project: str,
    parent: str,
    type_token: str,
    name: str,
    renamed_parents: Mapping[str, str],
) -> str:
    if alias.urn:
        return alias.urn
    former_parent = renamed_parents.get(alias.parent, alias.parent) if alias.parent else parent
    if alias.has_no_parent:
        former_parent = ""
    return urns.make(
        alias.stack or stack,
        alias.project or project,
        former_parent,
        alias.type or type_token,
        alias.name or name,
    )


def _inherited(stack: str, project: str, parent: str, former_parent: str, type_token: str, name: str) -> str:
    parent_name = urns.name_of(parent)
    # Children are commonly named for their parents: then a renamed parent renames them too.
    if name.startswith(parent_name):
        name = urns.name_of(former_parent) + name.removeprefix(parent_name)
    return urns.make(stack, project, former_parent, type_token, name)
