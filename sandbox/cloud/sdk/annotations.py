"""Type annotations of generated SDK code, read from their syntax trees."""

import ast
from collections.abc import Callable, Mapping

from sandbox.cloud.sdk.model import Kind, TypeSpec

_SCALARS: Mapping[str, Kind] = {
    "str": Kind.STRING,
    "bool": Kind.BOOLEAN,
    "int": Kind.INTEGER,
    "float": Kind.NUMBER,
    "Any": Kind.ANY,
    "Asset": Kind.ASSET,
    "Archive": Kind.ASSET,
}
_TRANSPARENT = frozenset({"Input", "Output", "Optional", "InputType", "Awaitable"})
_LISTS = frozenset({"Sequence", "List", "list"})
_MAPS = frozenset({"Mapping", "Dict", "dict"})

IsEnumeration = Callable[[str], bool]


def type_from(
    annotation: ast.expr | None, module_of: Callable[[str], str], is_enumeration: IsEnumeration
) -> TypeSpec:
    """The type that an annotation states.

    Args:
        annotation: the annotation's syntax tree.
        module_of: names the module that a qualified or bare class name stands in, as `module:Class`.
        is_enumeration: whether such a reference is an enumeration.
    """
    reader = _Reader(module_of, is_enumeration)
    return reader.read(annotation)


class _Reader:
    def __init__(self, module_of: Callable[[str], str], is_enumeration: IsEnumeration) -> None:
        self._module_of = module_of
        self._is_enumeration = is_enumeration

    def read(self, node: ast.expr | None) -> TypeSpec:
        if isinstance(node, ast.Subscript):
            return self._subscript(_last_name(node.value), _arguments(node))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._named(node.value)
        if isinstance(node, ast.Name | ast.Attribute):
            kind = _SCALARS.get(_last_name(node))
            return TypeSpec(kind) if kind else self._named(ast.unparse(node))
        return TypeSpec(Kind.ANY)

    def _subscript(self, name: str, arguments: list[ast.expr]) -> TypeSpec:
        if name in _TRANSPARENT:
            return self.read(arguments[0])
        if name in _LISTS:
            return TypeSpec(Kind.LIST, item=self.read(arguments[0]))
        if name in _MAPS:
            return TypeSpec(Kind.MAP, item=self.read(arguments[1]))
        if name == "Literal":
            return TypeSpec(Kind.STRING)
        if name == "Union":
            return self._union(
                [self.read(argument) for argument in arguments if not _is_typed_dict(argument)]
            )
        return TypeSpec(Kind.ANY)

    def _union(self, members: list[TypeSpec]) -> TypeSpec:
        if len(members) == 1:
            return members[0]
        kinds = {member.kind for member in members}
        enumerated = next((member.enumeration for member in members if member.enumeration), None)
        if kinds == {Kind.STRING}:
            return TypeSpec(Kind.STRING, enumeration=enumerated)
        return members[0] if kinds in ({Kind.ASSET}, {Kind.OBJECT}) else TypeSpec(Kind.ANY)

    def _named(self, name: str) -> TypeSpec:
        last = name.rpartition(".")[2]
        if last in {"Asset", "Archive"}:
            return TypeSpec(Kind.ASSET)
        reference = self._module_of(name)
        if self._is_enumeration(reference):
            return TypeSpec(Kind.STRING, enumeration=reference)
        return TypeSpec(Kind.OBJECT, reference=reference)


def _is_typed_dict(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith("ArgsDict")


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _arguments(node: ast.Subscript) -> list[ast.expr]:
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
