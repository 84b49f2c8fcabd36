"""The commands of `python -m sandbox.cloud`."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sandbox.cloud.aws.surroundings import DEFAULT_ACCOUNT
from sandbox.cloud.control import CloudControl, NoSuchResourceError, Selection
from sandbox.cloud.provider.latency import Latency
from sandbox.cloud.serve import ServeOptions, serve
from sandbox.cloud.store.faults import Fault, FaultKind, Operation
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, Value

_MASKED = ("password", "secretString", "secretBinary", "privateKey", "secretStringWo")


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code: 0, or 1 with a sentence on stderr."""
    parsed = _parser().parse_args(arguments)
    if parsed.command == "serve":
        faults = tuple(fault_from(text) for text in parsed.fault)
        options = ServeOptions(Path(parsed.store), Latency(parsed.latency), parsed.account, faults)
        asyncio.run(serve(options))
        return 0
    control = CloudControl(Path(parsed.store))
    try:
        sys.stdout.write(_COMMANDS[parsed.command](control, parsed))
    except (NoSuchResourceError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        control.close()
    return 0


def fault_from(text: str) -> Fault:
    """Read a fault as it is written in a setting.

    Args:
        text: parts with commas between: `type=aws:ecs/service:Service,kind=error`, and, as wanted,
            `operation=create`, `nth=2`, `times=1` (-1 is all), `message=...` last.

    Raises:
        ValueError: a part is unknown, or the type is missing.
    """
    before, _, message = text.partition(",message=")
    parts = dict(part.split("=", 1) for part in before.split(",") if "=" in part)
    unknown = set(parts) - {"type", "operation", "kind", "nth", "times"}
    if unknown or "type" not in parts:
        raise ValueError(f"not a fault: {text!r}; it has type=, kind=, operation=, nth=, times=, message=")
    return Fault(
        type=parts["type"],
        operation=Operation(parts.get("operation", "create")),
        kind=FaultKind(parts.get("kind", "error")),
        skip=int(parts.get("nth", "1")) - 1,
        times=int(parts.get("times", "1")),
        message=message or None,
    )


def _show(control: CloudControl, parsed: argparse.Namespace) -> str:
    tags = tuple(_tag(text) for text in parsed.tag)
    records = control.resources(Selection(parsed.id, parsed.type, tags))
    if parsed.json:
        return json.dumps([_described(record) for record in records], indent=2) + "\n"
    return "".join(f"{record.type}  {record.id}\n" for record in records)


def _set(control: CloudControl, parsed: argparse.Namespace) -> str:
    selection = Selection(parsed.id, parsed.type)
    pairs = [_pair(text) for text in parsed.values]
    if parsed.type and not control.resources(selection):
        record = control.make(parsed.type, parsed.id, dict(pairs))
        return f"made {record.type} {record.id}\n"
    for path, value in pairs:
        control.change(selection, path, value)
    return f"changed {parsed.id}\n"


def _delete(control: CloudControl, parsed: argparse.Namespace) -> str:
    record = control.delete(Selection(parsed.id, parsed.type))
    return f"deleted {record.type} {record.id}\n"


def _reset(control: CloudControl, _parsed: argparse.Namespace) -> str:
    return f"deleted {control.reset()} resources\n"


def _fault(control: CloudControl, parsed: argparse.Namespace) -> str:
    if parsed.clear:
        return f"cleared {control.clear_faults()} faults\n"
    for text in parsed.faults:
        control.add_fault(fault_from(text))
    return "".join(
        f"{fault.operation} {fault.type}: {fault.kind}, {fault.times} times after {fault.skip}\n"
        for fault in control.faults()
    )


_COMMANDS: Mapping[str, Callable[[CloudControl, argparse.Namespace], str]] = {
    "show": _show,
    "set": _set,
    "delete": _delete,
    "reset": _reset,
    "fault": _fault,
}


_PURPOSES = {
    "serve": "serve the simulated providers until stdin closes",
    "show": "list what stands in the cloud",
    "set": "change a resource, or make one of a type that is not there",
    "delete": "take a resource away",
    "reset": "empty the cloud",
    "fault": "let calls go wrong; without arguments, list what will",
}


def _tag(text: str) -> tuple[str, str]:
    key, mark, value = text.partition("=")
    if not mark:
        raise ValueError(f"not key=value: {text!r}")
    return key, value


def _pair(text: str) -> tuple[str, Value]:
    """`path=value`, where the value is JSON if it can be read so and a text otherwise."""
    path, mark, written = text.partition("=")
    if not mark:
        raise ValueError(f"not path=value: {text!r}")
    try:
        value: Value = json.loads(written)
    except ValueError:
        value = written
    return path, value


def _described(record: Record) -> Properties:
    return {
        "type": record.type,
        "id": record.id,
        "account": record.scope.account,
        "region": record.scope.region,
        "urn": record.urn,
        "made_by": record.made_by,
        "created_at": record.created_at,
        "properties": {
            name: "[secret]" if name in _MASKED else value for name, value in record.outputs.items()
        },
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.cloud", description="the simulated cloud")
    commands = parser.add_subparsers(dest="command", required=True)
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument("--store", required=True, help="folder of the cloud's store")
    own = {name: commands.add_parser(name, parents=[store], help=text) for name, text in _PURPOSES.items()}
    own["serve"].add_argument("--latency", choices=[str(item) for item in Latency], default=str(Latency.NONE))
    own["serve"].add_argument("--account", default=DEFAULT_ACCOUNT, help="of providers that name none")
    own["serve"].add_argument("--fault", action="append", default=[], help=fault_from.__doc__)
    own["show"].add_argument("id", nargs="?", help="id, ARN or name")
    own["show"].add_argument("--type", help="type token or its last part")
    own["show"].add_argument("--tag", action="append", default=[], metavar="key=value", help="any of these")
    own["show"].add_argument("--json", action="store_true", help="with every property")
    own["set"].add_argument("id")
    own["set"].add_argument("values", nargs="+", metavar="path=value", help="null takes the property away")
    own["set"].add_argument("--type")
    own["delete"].add_argument("id")
    own["delete"].add_argument("--type")
    own["fault"].add_argument("faults", nargs="*", metavar="fault", help=fault_from.__doc__)
    own["fault"].add_argument("--clear", action="store_true")
    return parser
