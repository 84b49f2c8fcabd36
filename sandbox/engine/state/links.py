"""Keeps the references between recorded resources sound."""

from sandbox.engine import urn as urns
from sandbox.engine.state.json_values import JsonObject, child, text, texts


def normalize_aliases(resources: list[JsonObject]) -> list[JsonObject]:
    """Resources with every reference by an old name turned into the new one, and the aliases gone."""
    renamed: dict[str, str] = {}
    for resource in resources:
        for alias in texts(resource, "aliases"):
            renamed[alias] = text(resource, "urn")
        parent = renamed.get(text(resource, "parent"), "")
        if parent and not urns.is_root_stack(parent):
            parts = urns.parse(text(resource, "urn"))
            new_urn = urns.make(parts.stack, parts.project, parent, parts.type, parts.name)
            if new_urn != text(resource, "urn"):
                renamed[text(resource, "urn")] = new_urn
    return [_rename(resource, renamed) for resource in resources] if renamed else resources


def _rename(resource: JsonObject, renamed: dict[str, str]) -> JsonObject:
    changed = {key: value for key, value in resource.items() if key != "aliases"}
    for key in ("urn", "parent", "deletedWith", "viewOf"):
        if text(resource, key) in renamed:
            changed[key] = renamed[text(resource, key)]
    if provider := text(resource, "provider"):
        provider_urn, identity = urns.split_reference(provider)
        changed["provider"] = urns.join_reference(renamed.get(provider_urn, provider_urn), identity)
    for key in ("dependencies", "replaceWith"):
        if key in resource:
            changed[key] = [renamed.get(urn, urn) for urn in texts(resource, key)]
    if "propertyDependencies" in resource:
        by_key = child(resource, "propertyDependencies")
        changed["propertyDependencies"] = {
            key: [renamed.get(urn, urn) for urn in texts(by_key, key)] for key in by_key
        }
    return changed


def drop_dangling(resources: list[JsonObject]) -> list[JsonObject]:
    """Resources without dependencies on what is no longer there; orphans go to the nearest ancestor left."""
    standing: set[str] = set()
    adopted: dict[str, str] = {}
    sound: list[JsonObject] = []
    present = {text(resource, "urn") for resource in resources}
    for resource in resources:
        changed = _without_dangling(resource, standing)
        parent = text(resource, "parent")
        if parent and parent not in present:
            changed["parent"] = adopted.get(parent, "")
            if not changed["parent"]:
                del changed["parent"]
        adopted[text(resource, "urn")] = text(changed, "parent")
        standing.add(text(resource, "urn"))
        sound.append(changed)
    return sound


def _without_dangling(resource: JsonObject, standing: set[str]) -> JsonObject:
    changed = dict(resource)
    for key in ("dependencies", "replaceWith"):
        if key in resource:
            changed[key] = [urn for urn in texts(resource, key) if urn in standing]
            if not changed[key]:
                del changed[key]
    if "propertyDependencies" in resource:
        by_key = child(resource, "propertyDependencies")
        left = {key: [urn for urn in texts(by_key, key) if urn in standing] for key in by_key}
        # What depends on nothing is not listed after a refresh, as the official fold leaves it.
        changed["propertyDependencies"] = {key: [*links] for key, links in left.items() if links}
        if not changed["propertyDependencies"]:
            del changed["propertyDependencies"]
    if "deletedWith" in resource and text(resource, "deletedWith") not in standing:
        del changed["deletedWith"]
    return changed
