"""Which Pulumi engine this worker runs: the official CLI where there is one, else the sandbox's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from semver import VersionInfo

from service.core.errors import BerthError
from service.engine.protocol import Engine, EngineName
from service.settings import Cloud, EngineChoice, Settings

# Engine events are streamed over gRPC since this version: https://github.com/pulumi/pulumi/releases/tag/v3.206.0
MINIMUM_VERSION = VersionInfo(3, 206, 0)
VERSION_TIMEOUT_SECONDS = 30
REPOSITORY_ROOT = Path(__file__).resolve().parents[2]
SANDBOX_ROOT = REPOSITORY_ROOT / "sandbox"


class EngineMissingError(BerthError):
    """No Pulumi engine that fits the settings is on this machine."""

    code = "engine_missing"
    title = "No suitable Pulumi engine"


def choose_engine(settings: Settings, *, search_path: str | None = None) -> Engine:
    """Pick the engine that the settings ask for: from PATH, else where `berth engine install` put it.

    Args:
        settings: `engine` and `cloud` decide.
        search_path: Where to look for the official CLI; the process's PATH when None.

    Raises:
        EngineMissingError: the official CLI is required but absent or older than MINIMUM_VERSION.
    """
    if settings.engine is EngineChoice.SANDBOX:
        _refuse_sandbox_engine_on_aws(settings)
        return _sandbox_engine()
    installed = settings.data_dir / "engine"
    executable = shutil.which("pulumi", path=search_path) or shutil.which(
        "pulumi", path=str(installed / "bin")
    )
    official = _official_engine(Path(executable)) if executable else None
    if official is not None and VersionInfo.parse(official.version) >= MINIMUM_VERSION:
        return official
    if settings.engine is EngineChoice.OFFICIAL or settings.cloud is Cloud.AWS:
        found = f"version {official.version} at {executable}" if official else "none on PATH"
        raise EngineMissingError(
            f"the official pulumi CLI, {MINIMUM_VERSION} or later, is required; found {found}",
            hint="run `berth engine install`, or see https://www.pulumi.com/docs/install/",
        )
    return _sandbox_engine()


def _refuse_sandbox_engine_on_aws(settings: Settings) -> None:
    if settings.cloud is Cloud.AWS:
        raise EngineMissingError(
            "the sandbox engine does not run against AWS",
            hint="set BERTH_ENGINE=official (or auto) and install the official CLI: `berth engine install`",
        )


def _official_engine(executable: Path) -> Engine:
    resolved = executable.resolve()
    root = resolved.parents[1]
    plugins = root / "plugins"
    return Engine(
        name=EngineName.OFFICIAL,
        root=str(root),
        version=_version_of(resolved),
        plugins_dir=str(plugins) if plugins.is_dir() else None,
    )


def _sandbox_engine() -> Engine:
    version = _version_of(SANDBOX_ROOT / "bin" / "pulumi")
    return Engine(name=EngineName.SANDBOX, root=str(SANDBOX_ROOT), version=version)


def _version_of(executable: Path) -> str:
    environment = {
        "PATH": os.defpath,
        "HOME": "/nonexistent",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PYTHONPATH": str(REPOSITORY_ROOT),
        "BERTH_SANDBOX_PYTHON": sys.executable,
    }
    answer = subprocess.run(  # noqa: S603 -- the one CLI that was asked for, with a fixed argument
        [str(executable), "version"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=VERSION_TIMEOUT_SECONDS,
        check=False,
    )
    if answer.returncode != 0:
        raise EngineMissingError(
            f"{executable} version ended with {answer.returncode}: {answer.stderr.strip()[-500:]}",
            hint="reinstall the engine: `berth engine install`",
        )
    return answer.stdout.strip().removeprefix("v")
