"""Generated SDK sources read class by class, without importing the package.

Importing one module of pulumi_aws imports its whole service (2.6 MB of source for ec2 alone); the classes
asked for are a few kilobytes each. So the file is cut at its class statements and only the wanted class is
parsed.
"""

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_TOP_LEVEL = re.compile(r"^(?:@.*\n)*(class|def) (\w+)", re.MULTILINE)
_MODULE_ALIAS = re.compile(r"^from (\.+)(\w*) import (\w+) as (_\w+)$", re.MULTILINE)
_CLASS_IN_MODULE_LINE = re.compile(r"^from \.(\w+) import \*$", re.MULTILINE)


@dataclass(frozen=True)
class SourceFile:
    """One file of a generated SDK."""

    path: Path

    @cached_property
    def text(self) -> str:
        """The file's text; empty when there is no such file."""
        return self.path.read_text(encoding="utf-8") if self.path.exists() else ""

    @cached_property
    def _starts(self) -> dict[str, tuple[int, int]]:
        matches = list(_TOP_LEVEL.finditer(self.text))
        ends = [match.start() for match in matches[1:]] + [len(self.text)]
        # an overloaded function's last definition is the one with the body
        return {match.group(2): (match.start(), end) for match, end in zip(matches, ends, strict=False)}

    def names(self) -> list[str]:
        """The classes and functions that the file defines."""
        return list(self._starts)

    def slice_of(self, name: str) -> str | None:
        """The text of a top-level class or function, or None when the file has none of that name."""
        span = self._starts.get(name)
        return self.text[span[0] : span[1]] if span else None

    def class_of(self, name: str) -> ast.ClassDef | None:
        """The syntax tree of a top-level class."""
        text = self.slice_of(name)
        return (
            next((node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)), None)
            if text
            else None
        )

    def function_of(self, name: str) -> ast.FunctionDef | None:
        """The syntax tree of a top-level function."""
        text = self.slice_of(name)
        nodes = ast.parse(text).body if text else []
        return next((node for node in nodes if isinstance(node, ast.FunctionDef)), None)

    @cached_property
    def module_aliases(self) -> dict[str, str]:
        """Sibling modules that the file knows under another name, such as `_iam` for `iam`."""
        return {match.group(4): match.group(3) for match in _MODULE_ALIAS.finditer(self.text)}


def module_files(package_init: Path) -> list[Path]:
    """The files whose names a package's `__init__` exports."""
    text = package_init.read_text(encoding="utf-8")
    return [package_init.with_name(f"{name}.py") for name in _CLASS_IN_MODULE_LINE.findall(text)]
