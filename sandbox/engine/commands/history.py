"""`pulumi stack history`: past updates."""

from argparse import ArgumentParser
from datetime import UTC, datetime

from sandbox.engine.commands.arguments import stack_option
from sandbox.engine.commands.context import Context
from sandbox.engine.commands.output import say, say_json
from sandbox.engine.state.json_values import Json, JsonObject, child, number, text
from sandbox.engine.workspace.config import ciphertexts, decrypt_config, from_wire


def configure(parser: ArgumentParser) -> None:
    """Arguments of `stack history`."""
    stack_option(parser)
    for flag in ("--json", "--show-secrets", "--full-dates"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-j", dest="json", action="store_true")
    parser.add_argument("--page-size", type=int, default=10)
    parser.add_argument("--page", type=int, default=1)


def history(context: Context) -> None:
    """List past updates, newest first."""
    arguments = context.arguments
    updates = context.backend.history(context.stack, int(arguments.page_size), int(arguments.page))
    documents = [_document(context, update) for update in updates]
    if arguments.json:
        say_json([*documents])
        return
    if not documents:
        say("Stack has never been updated")
    for document in documents:
        say(
            f"UpdateKind: {document['kind']}\nStatus: {document.get('result')}\n"
            f"Message: {document['message']}\n"
        )


def _document(context: Context, update: JsonObject) -> JsonObject:
    document: JsonObject = {
        "version": int(number(update, "version")),
        "kind": text(update, "kind"),
        "startTime": _moment(update, "startTime"),
        "message": text(update, "message"),
        "environment": child(update, "environment"),
        "config": _config(context, child(update, "config")),
        "result": text(update, "result"),
    }
    if text(update, "result") != "in-progress":
        document["endTime"] = _moment(update, "endTime")
        document["resourceChanges"] = child(update, "resourceChanges")
    return document


def _moment(update: JsonObject, key: str) -> str:
    moment = datetime.fromtimestamp(number(update, key), UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def _config(context: Context, recorded: JsonObject) -> JsonObject:
    stored: dict[str, Json] = {
        key: from_wire(value) if isinstance(value, dict) and "string" in value else value
        for key, value in recorded.items()
    }
    reveals = bool(context.arguments.show_secrets)
    # Opening a passphrase's key takes 0.4 s, and most configurations hold no secret.
    is_sealed = any(text for value in stored.values() for text in ciphertexts(value))
    document: JsonObject = {}
    manager = context.secrets if reveals and is_sealed else None
    for entry in decrypt_config(stored, manager, context.stack.project):
        shown: JsonObject = {} if entry.is_secret and not reveals else {"value": entry.value}
        if shown and entry.is_object:
            shown["objectValue"] = entry.object_value
        document[entry.key] = {**shown, "secret": entry.is_secret}
    return document
