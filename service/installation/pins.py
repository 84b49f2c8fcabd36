"""Which versions are installed, and what their archives must hash to (pins.toml)."""

import platform
import sys
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

_PINS = Path(__file__).with_name("pins.toml")
PLUGIN_RELEASES = "https://github.com/pulumi/pulumi-{name}/releases/download/v{version}"


class _Pinned(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    sha256: dict[str, str] = {}


class CliPin(_Pinned):
    """The official CLI: its archives by platform (`linux-x64`, `darwin-arm64`, …)."""

    url: str

    def url_for(self, platform_name: str) -> str:
        """Return where the archive for a platform is."""
        return self.url.format(version=self.version, platform=platform_name)


class PluginPin(_Pinned):
    """A provider plugin: its archives by platform (`linux-amd64`, `darwin-arm64`, …)."""


class Pins(BaseModel):
    """All that is pinned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cli: CliPin
    plugins: dict[str, PluginPin]


def read_pins() -> Pins:
    """Read the pins that ship with this version of Berth."""
    return Pins.model_validate(tomllib.loads(_PINS.read_text(encoding="utf-8")))


def cli_platform() -> str:
    """Name this machine as the CLI's archives do, e.g. `linux-x64`."""
    return f"{_system()}-{'arm64' if _is_arm() else 'x64'}"


def plugin_platform() -> str:
    """Name this machine as the plugins' archives do, e.g. `linux-amd64`."""
    return f"{_system()}-{'arm64' if _is_arm() else 'amd64'}"


def _system() -> str:
    return "darwin" if sys.platform == "darwin" else "linux"


def _is_arm() -> bool:
    return platform.machine().lower() in {"arm64", "aarch64"}
