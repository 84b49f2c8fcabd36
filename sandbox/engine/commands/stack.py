"""`pulumi stack ...`: stacks and their state."""

from argparse import ArgumentParser
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sandbox.engine.backends.protocol import refuse_bad_name
from sandbox.engine.commands.arguments import stack_option
from sandbox.engine.commands.context import Context
from sandbox.engine.commands.output import say, say_json, say_table
from sandbox.engine.errors import EngineError, StackNotFoundError
from sandbox.engine.state.deployment import UntypedDeployment
from sandbox.engine.state.integrity import refuse_unsound
from sandbox.engine.state.json_values import JsonObject, dump_indented, load_object, objects, text
from sandbox.engine.state.reencryption import reveal_secrets, seal_secrets


def configure_init(parser: ArgumentParser) -> None:
    """Arguments of `stack init`."""
    parser.add_argument("name", nargs="?", default="")
    stack_option(parser)
    parser.add_argument("--secrets-provider", default="")
    parser.add_argument("--no-select", action="store_true")
    parser.add_argument("--copy-config-from", default="")
    parser.add_argument("--teams", action="append", default=[])


def init(context: Context) -> None:
    """Make a stack and select it."""
    arguments = context.arguments
    given = str(arguments.name or arguments.stack)
    if not given:
        raise EngineError("missing stack name")
    provider = str(arguments.secrets_provider or "default")
    if provider not in ("default", "passphrase"):
        raise EngineError(
            f"unknown secrets provider type {provider!r}: the sandbox's engine knows default and passphrase"
        )
    name = context.name(given)
    refuse_bad_name(name.stack)
    context.backend.create(name)
    arguments.stack = given
    # The stack's key is made now, so that every later command finds it.
    _ = context.secrets
    if not arguments.no_select:
        context.select(name)
    say(f"Created stack '{context.backend.show_name(name, name.project)}'")


def configure_select(parser: ArgumentParser) -> None:
    """Arguments of `stack select`."""
    parser.add_argument("name", nargs="?", default="")
    stack_option(parser)
    parser.add_argument("--create", "-c", action="store_true")
    parser.add_argument("--secrets-provider", default="")


def select(context: Context) -> None:
    """Select a stack."""
    arguments = context.arguments
    given = str(arguments.stack or arguments.name)
    if not given:
        raise EngineError("no stack selected; specify a stack name with --stack")
    name = context.name(given)
    if not context.backend.exists(name):
        if not arguments.create:
            raise StackNotFoundError(given)
        context.backend.create(name)
        arguments.stack = given
        _ = context.secrets
    context.select(name)


def configure_show(parser: ArgumentParser) -> None:
    """Arguments of `stack`."""
    stack_option(parser)
    for flag in ("--show-ids", "--show-urns", "--show-name", "--show-secrets"):
        parser.add_argument(flag, action="store_true")


def show(context: Context) -> None:
    """Show the stack's resources."""
    name = context.stack
    if context.arguments.show_name:
        say(name.stack)
        return
    resources = objects(context.backend.export(name).deployment, "resources")
    say(f"Current stack is {name.stack}:")
    say(f"Current stack resources ({len(resources)}):")
    for resource in resources:
        say(f"    {text(resource, 'type')}  {text(resource, 'urn').rsplit('::', 1)[-1]}")


def configure_rm(parser: ArgumentParser) -> None:
    """Arguments of `stack rm`."""
    parser.add_argument("name", nargs="?", default="")
    stack_option(parser)
    for flag in ("--yes", "--force", "--preserve-config", "--remove-backups"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-y", dest="yes", action="store_true")
    parser.add_argument("-f", dest="force", action="store_true")


def rm(context: Context) -> None:
    """Remove a stack with its history."""
    arguments = context.arguments
    arguments.stack = str(arguments.name or arguments.stack)
    name = context.stack
    settings = context.settings
    try:
        context.backend.remove(name, force=bool(arguments.force))
    except EngineError as error:
        if "still contains resources" in str(error) or "still has resources" in str(error):
            raise EngineError(
                f"'{context.backend.show_name(name, name.project)}' still has resources; removal rejected. "
                "Possible actions:\n- Make sure that 'context.stack' is the stack that you want to destroy\n"
                "- Run `pulumi destroy` to delete the resources, then run `pulumi stack rm`\n"
                "- Run `pulumi stack rm --force` to override this error"
            ) from error
        raise
    if not arguments.preserve_config:
        settings.path.unlink(missing_ok=True)
    if context.selected() == name.qualified:
        context.unselect()
    say(f"Stack '{context.backend.show_name(name, name.project)}' has been removed!")


def configure_ls(parser: ArgumentParser) -> None:
    """Arguments of `stack ls`."""
    parser.add_argument("--json", "-j", action="store_true")
    parser.add_argument("--all", "-a", action="store_true")
    for option in ("--project", "--organization", "--tag"):
        parser.add_argument(option, default="")


def ls(context: Context) -> None:
    """List stacks."""
    arguments = context.arguments
    project = str(arguments.project) or (context.project.name if not arguments.all else None)
    listings = context.backend.list_stacks(project)
    selected = context.selected()
    current = context.backend.show_name(context.name(selected), project or "") if selected else ""
    if not arguments.json:
        rows = [
            (f"{item.name}{'*' if item.name == current else ''}", item.last_update or "n/a")
            for item in listings
        ]
        say_table(("NAME", "LAST UPDATE"), rows)
        return
    documents: list[JsonObject] = []
    for item in listings:
        document: JsonObject = {"name": item.name, "current": item.name == current}
        if item.last_update:
            document["lastUpdate"] = _api_time(item.last_update)
        document["updateInProgress"] = item.is_updating
        if item.resource_count is not None:
            document["resourceCount"] = item.resource_count
        if item.url:
            document["url"] = item.url
        documents.append(document)
    say_json([*documents])


def _api_time(value: str) -> str:
    moment = (
        datetime.fromtimestamp(int(value), UTC) if value.isdecimal() else datetime.fromisoformat(value[:19])
    )
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def configure_output(parser: ArgumentParser) -> None:
    """Arguments of `stack output`."""
    parser.add_argument("name", nargs="?", default="")
    stack_option(parser)
    for flag in ("--json", "--show-secrets", "--shell"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-j", dest="json", action="store_true")


def output(context: Context) -> None:
    """Show the stack's outputs."""
    from sandbox.engine.outputs import shown_outputs  # noqa: PLC0415 -- only this command needs it

    arguments = context.arguments
    outputs = shown_outputs(context.backend, context.stack, reveal=bool(arguments.show_secrets))
    if name := str(arguments.name):
        if name not in outputs:
            raise EngineError(f"current stack does not have output property '{name}'")
        value = outputs[name]
        if arguments.json or not isinstance(value, str):
            say_json(value)
        else:
            say(value)
    elif arguments.json:
        say_json(outputs)
    else:
        rows = [
            (key, value if isinstance(value, str) else dump_indented(value)) for key, value in outputs.items()
        ]
        say_table(("OUTPUT", "VALUE"), rows)


def configure_export(parser: ArgumentParser) -> None:
    """Arguments of `stack export`."""
    stack_option(parser)
    parser.add_argument("--file", default="")
    parser.add_argument("--version", default="")
    parser.add_argument("--show-secrets", action="store_true")


def export(context: Context) -> None:
    """Write the recorded state."""
    name = context.stack
    exported = context.backend.export(name)
    if context.arguments.show_secrets:
        exported = reveal_secrets(exported, context.backend.manager_for(name, exported.deployment))
    document = dump_indented(exported.to_json())
    if path := str(context.arguments.file):
        Path(path).write_text(f"{document}\n", encoding="utf-8")
    else:
        say(document)


def configure_import(parser: ArgumentParser) -> None:
    """Arguments of `stack import`."""
    stack_option(parser)
    parser.add_argument("--file", default="")
    parser.add_argument("--force", "-f", action="store_true")


def import_state(context: Context) -> None:
    """Record another state; what it holds in plain text as a secret is encrypted."""
    name = context.stack
    path = str(context.arguments.file) or "/dev/stdin"
    given = UntypedDeployment.from_json(load_object(Path(path).read_bytes()))
    if not context.arguments.force:
        _refuse_other_stacks(given, f"urn:pulumi:{name.stack}::")
        refuse_unsound(given.deployment)
    # What an interrupted run left under way is settled by whoever repaired the state.
    kept = {key: value for key, value in given.deployment.items() if key != "pending_operations"}
    given = replace(given, deployment=kept)
    sealed = seal_secrets(given, context.backend.manager_for(name, given.deployment), context.secrets)
    context.backend.replace_state(name, sealed)
    say("Import complete.")


def _refuse_other_stacks(given: UntypedDeployment, prefix: str) -> None:
    for resource in objects(given.deployment, "resources"):
        urn = text(resource, "urn")
        if not urn.startswith(prefix):
            names = f"{urn.split(':')[2]} != {prefix.split(':')[2]}"
            raise EngineError(
                f"resource '{urn}' is from a different stack ({names}); "
                "importing this file could be dangerous; rerun with --force to proceed anyway"
            )


def configure_rename(parser: ArgumentParser) -> None:
    """Arguments of `stack rename`."""
    parser.add_argument("new_name")
    stack_option(parser)


def rename(context: Context) -> None:
    """Give the stack another name."""
    old = context.stack
    settings = context.settings
    new = context.name(str(context.arguments.new_name))
    was_selected = context.selected() == old.qualified
    context.backend.rename(old, new)
    if settings.path.exists():
        settings.path.replace(settings.path.with_name(settings.path.name.replace(old.stack, new.stack)))
    if was_selected:
        context.select(new)
    show_name = context.backend.show_name
    say(f"Renamed {show_name(old, old.project)} to {show_name(new, new.project)}")
