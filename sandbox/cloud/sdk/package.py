"""An installed Pulumi package as the description of what its provider serves."""

import ast
import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from pydantic import TypeAdapter

from sandbox.cloud.sdk.annotations import type_from
from sandbox.cloud.sdk.classes import (
    enumeration_values,
    object_from_class,
    outputs_from_class,
    result_from_class,
    secret_outputs_of,
)
from sandbox.cloud.sdk.functions import function_arguments, invoked_token
from sandbox.cloud.sdk.model import FunctionSpec, ObjectSpec, ResourceSpec, TypeSpec
from sandbox.cloud.sdk.source import SourceFile, module_files

_REGISTRY = re.compile(r'resource_modules="""(.*?)"""', re.DOTALL)
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class _RegisteredModule:
    mod: str
    fqn: str
    classes: dict[str, str]


_REGISTERED_MODULES = TypeAdapter(list[_RegisteredModule])


@dataclass(frozen=True)
class _Location:
    folder: Path
    class_name: str


class SdkPackage:
    """The resources, functions and object types of an installed SDK, each read when first asked for."""

    def __init__(self, distribution: str) -> None:
        """Find the SDK.

        Args:
            distribution: its name on the package index, such as `pulumi-aws`.
        """
        self.version = version(distribution)
        found = find_spec(distribution.replace("-", "_"))
        if found is None or found.origin is None:
            raise ModuleNotFoundError(distribution)
        self._root = Path(found.origin).parent

    @cached_property
    def _locations(self) -> dict[str, _Location]:
        text = (self._root / "__init__.py").read_text(encoding="utf-8")
        match = _REGISTRY.search(text)
        modules = _REGISTERED_MODULES.validate_json(match.group(1)) if match else []
        return {
            token: _Location(self._root.joinpath(*module.fqn.split(".")[1:]), class_name)
            for module in modules
            for token, class_name in module.classes.items()
        }

    def tokens(self) -> list[str]:
        """The type tokens of every resource of the package."""
        return list(self._locations)

    @cache  # noqa: B019 -- a package lives as long as its process
    def resource(self, token: str) -> ResourceSpec | None:
        """What a resource type takes and gives; None for a type that the package does not have."""
        location = self._locations.get(token)
        if location is None:
            return None
        source = self._file_defining(location)
        name = location.class_name
        arguments = source.class_of(f"{name}InitArgs") or source.class_of(f"{name}Args")
        made = source.class_of(name)
        if made is None:
            return None
        read = self._reader(location.folder)
        inputs = object_from_class(arguments, read) if arguments else ObjectSpec()
        return ResourceSpec(token, inputs, outputs_from_class(made, read), secret_outputs_of(made))

    @cache  # noqa: B019 -- a package lives as long as its process
    def object_type(self, reference: str) -> ObjectSpec:
        """The properties of an object type, by the reference that a type names it with."""
        folder, file_name, class_name = self._parts(reference)
        found = self._source(folder / file_name).class_of(class_name)
        return object_from_class(found, self._reader(folder)) if found else ObjectSpec()

    @cache  # noqa: B019 -- a package lives as long as its process
    def enumeration(self, reference: str) -> tuple[str, ...]:
        """The values of an enumeration."""
        folder, _, class_name = self._parts(reference)
        found = self._source(folder / "_enums.py").class_of(class_name)
        return enumeration_values(found) if found else ()

    @cache  # noqa: B019 -- a package lives as long as its process
    def function(self, token: str) -> FunctionSpec | None:
        """What a function takes and returns; None for a function that the package does not have."""
        _, _, path = token.partition(":")
        module, _, name = path.rpartition(":")
        folder = self._folder_of(module.rpartition("/")[0] if "/" in module else module)
        source = self._source(folder / f"{snake_case(name)}.py")
        defined = source.function_of(snake_case(name))
        if defined is None or invoked_token(source, snake_case(name)) != token:
            return None
        read = self._reader(folder)
        result = source.class_of(f"{name[0].upper()}{name[1:]}Result")
        outputs = result_from_class(result, read) if result else ObjectSpec()
        return FunctionSpec(token, function_arguments(defined, read), outputs)

    def _folder_of(self, module: str) -> Path:
        if module in {"", "index"}:
            return self._root
        folder = self._root / module
        return folder if folder.exists() else self._root / f"{module}_"

    def _parts(self, reference: str) -> tuple[Path, str, str]:
        folder, _, rest = reference.partition("|")
        file_name, _, class_name = rest.partition(":")
        return self._root / folder, file_name, class_name

    def _reader(self, folder: Path) -> "TypeReader":
        return TypeReader(str(folder.relative_to(self._root)), self._source(folder / "_enums.py"))

    @cache  # noqa: B019 -- a package lives as long as its process
    def _source(self, path: Path) -> SourceFile:
        return SourceFile(path)

    def _file_defining(self, location: _Location) -> SourceFile:
        likely = (f"{snake_case(location.class_name)}.py", f"{location.class_name}.py")
        candidates = [location.folder / name for name in likely]
        for path in [*candidates, *module_files(location.folder / "__init__.py")]:
            source = self._source(path)
            if location.class_name in source.names():
                return source
        return self._source(candidates[0])


class TypeReader:
    """Reads annotations of one folder of an SDK."""

    def __init__(self, folder: str, enumerations: SourceFile) -> None:
        self._folder = folder
        self._enumerations = enumerations

    def __call__(self, annotation: ast.expr | None) -> TypeSpec:
        """The type that an annotation states."""
        return type_from(annotation, self._reference, self._is_enumeration)

    def _reference(self, name: str) -> str:
        qualifier, _, class_name = name.rpartition(".")
        if qualifier.startswith("_"):
            return f"{qualifier[1:].replace('.', '/')}|_inputs.py:{class_name}"
        file_name = "outputs.py" if qualifier == "outputs" else "_inputs.py"
        return f"{self._folder}|{file_name}:{class_name}"

    def _is_enumeration(self, reference: str) -> bool:
        return reference.rpartition(":")[2] in self._enumerations.names()


def snake_case(name: str) -> str:
    """A camelCase name as Python writes it."""
    return _WORD_START.sub("_", name).lower()
