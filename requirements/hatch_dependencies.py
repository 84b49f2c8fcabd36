"""Reads the package's dependencies from runtime.in, so that they are written down once."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class DependenciesHook(MetadataHookInterface):
    """Fills `project.dependencies` with the names in runtime.in."""

    def update(self, metadata: dict[str, object]) -> None:
        """Set the dependencies of the built package."""
        lines = (Path(self.root) / "requirements" / "runtime.in").read_text().splitlines()
        names = (line.split("#")[0].strip() for line in lines)
        metadata["dependencies"] = [name for name in names if name]
