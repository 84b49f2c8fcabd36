"""`pulumi config ...`: a stack's configuration."""

import json
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Sequence
from typing import cast

from sandbox.engine.commands.arguments import config_options
from sandbox.engine.commands.context import Context
from sandbox.engine.commands.output import say, say_json, say_table
from sandbox.engine.errors import EngineError
from sandbox.engine.state.json_values import Json, JsonObject
from sandbox.engine.workspace.config import (
    ConfigEntry,
    decrypt_config,
    find_key,
    full_key,
    get_at,
    remove_at,
    scalar_text,
    set_at,
    split_path,
    typed_scalar,
)


def configure_list(parser: ArgumentParser) -> None:
    """Arguments of `config`."""
    config_options(parser)
    for flag in ("--show-secrets", "--json", "--open"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-j", dest="json", action="store_true")


def list_config(context: Context) -> None:
    """Show the configuration."""
    reveals = bool(context.arguments.show_secrets)
    manager = context.secrets if reveals and context.settings.config else None
    _ = context.stack
    entries = decrypt_config(context.settings.config, manager, context.project.name)
    if context.arguments.json:
        say_json({entry.key: _document(entry, reveals=reveals) for entry in entries})
        return
    say_table(
        ("KEY", "VALUE"),
        [(entry.key.removeprefix(f"{context.project.name}:"), entry.value) for entry in entries],
    )


def _document(entry: ConfigEntry, *, reveals: bool) -> JsonObject:
    if entry.is_secret and not reveals:
        return {"secret": True}
    document: JsonObject = {"value": entry.value}
    if entry.is_object:
        document["objectValue"] = entry.object_value
    return {**document, "secret": entry.is_secret}


def configure_get(parser: ArgumentParser) -> None:
    """Arguments of `config get`."""
    parser.add_argument("key")
    config_options(parser)
    parser.add_argument("--path", action="store_true")
    parser.add_argument("--json", "-j", action="store_true")


def get(context: Context) -> None:
    """Show one value."""
    entry = _entry(context, str(context.arguments.key))
    if context.arguments.json:
        say_json(_document(entry, reveals=True))
    else:
        say(entry.value)


def _entry(context: Context, key: str) -> ConfigEntry:
    project, path = context.project.name, ()
    wanted = full_key(key, project) if not context.arguments.path else ""
    if context.arguments.path:
        wanted, path = split_path(key, project)
    stack = context.stack
    stored = find_key(context.settings.config, wanted, project)
    part = get_at(context.settings.config[stored], path) if stored is not None else None
    if stored is None or (part is None and path):
        raise EngineError(f"configuration key '{key}' not found for stack '{stack.stack}'")
    (entry,) = decrypt_config({wanted: part}, context.secrets, project)
    return entry


def configure_set(parser: ArgumentParser) -> None:
    """Arguments of `config set`."""
    parser.add_argument("key")
    parser.add_argument("value", nargs="?", default=None)
    config_options(parser)
    for flag in ("--path", "--plaintext", "--secret"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--type", default="")


def set_value(context: Context) -> None:
    """Set one value."""
    arguments = context.arguments
    if arguments.value is None:
        raise EngineError("config value must be specified in non-interactive mode")
    _set(
        context,
        str(arguments.key),
        str(arguments.value),
        is_secret=bool(arguments.secret),
        is_path=bool(arguments.path),
    )
    context.settings.save()


def _set(context: Context, key: str, value: str, *, is_secret: bool, is_path: bool) -> None:
    project, config = context.project.name, context.settings.config
    wanted, path = split_path(key, project) if is_path else (full_key(key, project), ())
    _ = context.stack
    stored = find_key(config, wanted, project)
    new: Json = typed_scalar(value) if path else value
    if is_secret:
        new = {"secure": context.secrets.encrypt([value])[0]}
    config[stored or wanted] = set_at(config.get(stored) if stored else None, path, new)


class _Marked(Action):
    """Collects `--secret` and `--plaintext` pairs in the order given."""

    def __call__(
        self,
        parser: ArgumentParser,
        namespace: Namespace,
        values: "str | Sequence[object] | None",
        option_string: str | None = None,
    ) -> None:
        """Keep a pair with its kind."""
        del parser
        pairs = cast("list[tuple[bool, str]]", getattr(namespace, self.dest) or [])
        setattr(namespace, self.dest, [*pairs, (option_string == "--secret", str(values))])


def configure_set_all(parser: ArgumentParser) -> None:
    """Arguments of `config set-all`."""
    config_options(parser)
    parser.add_argument("--path", action="store_true")
    parser.add_argument("--plaintext", action=_Marked, dest="pairs")
    parser.add_argument("--secret", action=_Marked, dest="pairs")
    parser.add_argument("--json", default="")


def set_all(context: Context) -> None:
    """Set several values."""
    arguments = context.arguments
    for is_secret, pair in cast("list[tuple[bool, str]]", arguments.pairs or []):
        key, separator, value = pair.partition("=")
        if not separator:
            raise EngineError("config value must be in the form [key]=[value]")
        _set(context, key, value, is_secret=is_secret, is_path=bool(arguments.path))
    if arguments.json:
        _set_from_json(context, str(arguments.json))
    context.settings.save()


def _set_from_json(context: Context, document: str) -> None:
    given = cast("dict[str, JsonObject]", json.loads(document))
    for key, entry in given.items():
        structured, is_secret = entry.get("objectValue"), entry.get("secret") is True
        if structured is not None and not is_secret:
            config = context.settings.config
            stored = find_key(config, key, context.project.name) or full_key(key, context.project.name)
            config[stored] = structured
        else:
            _set(context, key, scalar_text(entry.get("value")), is_secret=is_secret, is_path=False)


def configure_rm(parser: ArgumentParser) -> None:
    """Arguments of `config rm`."""
    parser.add_argument("keys", nargs=1)
    config_options(parser)
    parser.add_argument("--path", action="store_true")


def configure_rm_all(parser: ArgumentParser) -> None:
    """Arguments of `config rm-all`."""
    parser.add_argument("keys", nargs="+")
    config_options(parser)
    parser.add_argument("--path", action="store_true")


def rm(context: Context) -> None:
    """Remove values."""
    project, config = context.project.name, context.settings.config
    for key in cast("list[str]", context.arguments.keys):
        wanted, path = split_path(key, project) if context.arguments.path else (full_key(key, project), ())
        stored = find_key(config, wanted, project)
        if stored is None:
            continue
        if path:
            config[stored] = remove_at(config[stored], path)
        else:
            del config[stored]
    context.settings.save()


def configure_refresh(parser: ArgumentParser) -> None:
    """Arguments of `config refresh`."""
    config_options(parser)
    parser.add_argument("--force", "-f", action="store_true")


def refresh(context: Context) -> None:
    """Take the configuration of the last update."""
    updates = context.backend.history(context.stack, 1, 1)
    if not updates:
        raise EngineError("no previous deployment")
    from sandbox.engine.workspace.config import from_wire  # noqa: PLC0415 -- only this command needs it

    recorded = updates[0].get("config")
    entries = recorded.items() if isinstance(recorded, dict) else ()
    context.settings.config = {
        key: from_wire(value) if isinstance(value, dict) and "string" in value else value
        for key, value in entries
    }
    context.settings.save()
    say(f"refreshed configuration for stack '{context.stack.stack}'")
