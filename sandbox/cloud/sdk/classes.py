"""Properties of generated SDK classes, read from their syntax trees."""

import ast
import re
from collections.abc import Callable, Iterator

from sandbox.cloud.sdk.model import ObjectSpec, PropertySpec, TypeSpec

_FORCES_REPLACEMENT = re.compile(
    r"forces? (?:a |the )?(?:creation of a )?(?:new resource|replacement|recreation)"
    r"|resource will be recreated",
    re.IGNORECASE,
)

ReadType = Callable[[ast.expr | None], TypeSpec]


def object_from_class(node: ast.ClassDef, read: ReadType) -> ObjectSpec:
    """The properties of an input type: its getters name them, its constructor says which are required."""
    required = _required_arguments(node)
    return ObjectSpec(
        {
            wire_name: PropertySpec(
                wire_name, read(getter.returns), getter.name in required, _is_immutable(getter)
            )
            for wire_name, getter in _getters(node)
        }
    )


def outputs_from_class(node: ast.ClassDef, read: ReadType) -> ObjectSpec:
    """The outputs of a resource class; `is_required` says that the output is always there."""
    return ObjectSpec(
        {
            wire_name: PropertySpec(wire_name, read(getter.returns), not _is_optional(getter.returns))
            for wire_name, getter in _getters(node)
        }
    )


def result_from_class(node: ast.ClassDef, read: ReadType) -> ObjectSpec:
    """The properties of a function's result; `is_required` says that the property is always there."""
    return outputs_from_class(node, read)


def secret_outputs_of(node: ast.ClassDef) -> frozenset[str]:
    """The wire names in `additional_secret_outputs` of a resource class's constructor."""
    for part in ast.walk(node):
        if isinstance(part, ast.keyword) and part.arg == "additional_secret_outputs":
            return frozenset(
                item.value
                for item in ast.walk(part.value)
                if isinstance(item, ast.Constant) and isinstance(item.value, str)
            )
    return frozenset()


def enumeration_values(node: ast.ClassDef) -> tuple[str, ...]:
    """The values of an enumeration class."""
    values = (part.value for part in node.body if isinstance(part, ast.Assign))
    return tuple(
        value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)
    )


def _getters(node: ast.ClassDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    for part in node.body:
        if isinstance(part, ast.FunctionDef):
            name = _wire_name(part)
            if name is not None:
                yield name, part


def _wire_name(function: ast.FunctionDef) -> str | None:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Attribute) and decorator.attr == "getter":
            return function.name
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pulumi.getter":
            value = decorator.keywords[0].value
            return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
    return None


def _required_arguments(node: ast.ClassDef) -> frozenset[str]:
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "__init__":
            pairs = zip(part.args.kwonlyargs, part.args.kw_defaults, strict=True)
            return frozenset(argument.arg for argument, default in pairs if default is None)
    return frozenset()


def _is_optional(annotation: ast.expr | None) -> bool:
    if not isinstance(annotation, ast.Subscript):
        return False
    outer = ast.unparse(annotation.value).rpartition(".")[2]
    if outer == "Optional":
        return True
    return outer in {"Output", "Input"} and _is_optional(annotation.slice)


def _is_immutable(function: ast.FunctionDef) -> bool:
    documentation = ast.get_docstring(function)
    return bool(documentation and _FORCES_REPLACEMENT.search(documentation))
