"""Functions of generated SDK code, read from their syntax trees."""

import ast
import re

from sandbox.cloud.sdk.classes import ReadType
from sandbox.cloud.sdk.model import ObjectSpec, PropertySpec
from sandbox.cloud.sdk.source import SourceFile

_INVOKED = re.compile(r"pulumi\.runtime\.invoke\('([^']+)'")
_ARGUMENT = re.compile(r"__args__\['(\w+)'\] = (\w+)")


def invoked_token(source: SourceFile, name: str) -> str | None:
    """The token that a function invokes."""
    match = _INVOKED.search(source.slice_of(name) or "")
    return match.group(1) if match else None


def function_arguments(node: ast.FunctionDef, read: ReadType) -> ObjectSpec:
    """What a function takes: its parameters under the names that its body gives them on the wire."""
    wire_names = {python: wire for wire, python in _ARGUMENT.findall(ast.unparse(node))}
    parameters = [argument for argument in node.args.args if argument.arg != "opts"]
    optional = len(node.args.defaults) - (len(node.args.args) - len(parameters))
    required = {parameter.arg for parameter in parameters[: len(parameters) - optional]}
    return ObjectSpec(
        {
            wire_names[parameter.arg]: PropertySpec(
                wire_names[parameter.arg], read(parameter.annotation), _is_required(parameter, required)
            )
            for parameter in parameters
            if parameter.arg in wire_names
        }
    )


def _is_required(parameter: ast.arg, without_default: set[str]) -> bool:
    if parameter.arg in without_default:
        return True
    text = ast.unparse(parameter.annotation) if parameter.annotation else ""
    return not text.startswith("Optional[")
