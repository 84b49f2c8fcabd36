"""How options bend what a provider says about a difference: pure."""

from collections.abc import Sequence
from dataclasses import replace

from sandbox.engine.properties.paths import BadPropertyPathError, contains, parse_path, reset
from sandbox.engine.properties.values import Properties, Property, Secret, has_unknowns, unwrap
from sandbox.engine.providers.model import DiffKind, DiffResult, PropertyDiff

# Names the difference that resources which never became ready make (step_generator.go).
INIT_ERROR_KEY = "#initerror"


def with_ignored(
    inputs: Properties, old_inputs: Properties, ignore_changes: Sequence[str]
) -> tuple[Properties, list[str]]:
    """Inputs with the old values at ignored paths, and the paths for which that is impossible."""
    if not ignore_changes:
        return inputs, []
    bent = {key: copy_containers(value) for key, value in inputs.items()}
    impossible: list[str] = []
    for text in ignore_changes:
        try:
            path = parse_path(text)
        except BadPropertyPathError:
            continue
        if not reset(path, old_inputs, bent):
            impossible.append(text)
    return bent, impossible


def copy_containers(value: Property) -> Property:
    """The value with lists and objects of its own."""
    match value:
        case dict():
            return {key: copy_containers(item) for key, item in value.items()}
        case list():
            return [copy_containers(item) for item in value]
        case Secret():
            return Secret(copy_containers(value.element), value.ciphertext)
        case _:
            return value


def with_replacements(
    diff: DiffResult, replace_on_changes: Sequence[str], *, has_init_errors: bool
) -> DiffResult:
    """The difference with changes at given paths, or missing readiness, turned into replacements."""
    if diff.has_changes is not True and not has_init_errors:
        return diff
    paths = [parse_path(text) for text in replace_on_changes]

    def forces(text: str) -> bool:
        return any(contains(path, parse_path(text)) for path in paths)

    detailed = diff.detailed
    if detailed is not None:
        detailed = {
            text: PropertyDiff(change.kind.replacing, change.is_input) if forces(text) else change
            for text, change in detailed.items()
        }
    keys = list(dict.fromkeys([*diff.replace_keys, *(key for key in diff.changed_keys if forces(key))]))
    has_changes = diff.has_changes
    if has_init_errors and any(contains(path, (INIT_ERROR_KEY,)) for path in paths):
        keys.append(INIT_ERROR_KEY)
        has_changes = True
        if detailed is not None:
            detailed[INIT_ERROR_KEY] = PropertyDiff(DiffKind.UPDATE_REPLACE, is_input=False)
    return replace(diff, has_changes=has_changes, replace_keys=keys, detailed=detailed)


def trigger_fires(new: Property, old: Property) -> bool:
    """Whether a replacement trigger changed; without one on either side nothing fires."""
    if has_unknowns(new) or has_unknowns(old):
        return True
    plain_new, plain_old = unwrap(new), unwrap(old)
    return plain_new is not None and plain_old is not None and plain_new != plain_old


def compare_inputs(old_inputs: Properties, new_inputs: Properties) -> DiffResult:
    """The difference of inputs, for providers that do not say."""
    olds, news = unwrap(old_inputs), unwrap(new_inputs)
    if not isinstance(olds, dict) or not isinstance(news, dict):
        raise TypeError(olds)
    changes = dict(_changes((), olds, news))
    changed_keys = sorted({path[0] for path in changes})
    detailed = {_path_text(path): PropertyDiff(kind, is_input=True) for path, kind in sorted(changes.items())}
    return DiffResult(has_changes=bool(changes), changed_keys=changed_keys, detailed=detailed)


_Path = tuple[str, ...]


def _changes(prefix: _Path, olds: Property, news: Property) -> list[tuple[_Path, DiffKind]]:
    if isinstance(olds, dict) and isinstance(news, dict):
        found: list[tuple[_Path, DiffKind]] = []
        for key in sorted(olds.keys() | news.keys()):
            path = (*prefix, key)
            if olds.get(key) is None and news.get(key) is not None:
                found.append((path, DiffKind.ADD))
            elif news.get(key) is None and olds.get(key) is not None:
                found.append((path, DiffKind.DELETE))
            else:
                found.extend(_changes(path, olds.get(key), news.get(key)))
        return found
    if isinstance(olds, list) and isinstance(news, list):
        found = []
        for index in range(max(len(olds), len(news))):
            path = (*prefix, f"[{index}]")
            if index >= len(olds):
                found.append((path, DiffKind.ADD))
            elif index >= len(news):
                found.append((path, DiffKind.DELETE))
            else:
                found.extend(_changes(path, olds[index], news[index]))
        return found
    return [] if olds == news else [(prefix, DiffKind.UPDATE)]


def _path_text(path: _Path) -> str:
    text = ""
    for step in path:
        if step.startswith("["):
            text += step
        elif step.replace("_", "").replace("-", "").isalnum():
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text
