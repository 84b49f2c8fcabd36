"""Which engine a worker runs, and when it refuses to start."""

import stat
from pathlib import Path

import pytest

from service.engine.choice import EngineMissingError, choose_engine
from service.engine.protocol import EngineName
from service.settings import Cloud, EngineChoice, Settings


def official_cli(folder: Path, version: str) -> str:
    """Make a command that says it is the official CLI of that version; return the folder to search."""
    executable = folder / "bin" / "pulumi"
    executable.parent.mkdir(parents=True)
    executable.write_text(f"#!/bin/sh\necho v{version}\n")
    executable.chmod(executable.stat().st_mode | stat.S_IXUSR)
    return str(executable.parent)


def settings(tmp_path: Path, **changes: object) -> Settings:
    return Settings.model_validate({"data_dir": tmp_path / "data", **changes})


def test_official_cli_on_path_is_preferred(tmp_path: Path) -> None:
    """With `auto` the official CLI is taken where there is one."""
    search_path = official_cli(tmp_path, "3.260.0")
    engine = choose_engine(settings(tmp_path), search_path=search_path)
    assert (engine.name, engine.root, engine.version) == (EngineName.OFFICIAL, str(tmp_path), "3.260.0")


def test_installed_cli_is_found_with_its_plugins(tmp_path: Path) -> None:
    """What `berth engine install` put into the data folder is found without PATH, plugins too."""
    official_cli(tmp_path / "data" / "engine", "3.260.0")
    (tmp_path / "data" / "engine" / "plugins").mkdir()
    engine = choose_engine(settings(tmp_path), search_path=str(tmp_path / "nothing"))
    assert engine.plugins_dir == str(tmp_path / "data" / "engine" / "plugins")


@pytest.mark.parametrize("version", ["3.205.0", None])
def test_aws_refuses_to_start_without_a_recent_cli(tmp_path: Path, version: str | None) -> None:
    """Against AWS an absent or too old CLI is an error that says how to install one."""
    search_path = official_cli(tmp_path, version) if version else str(tmp_path)
    with pytest.raises(EngineMissingError) as refused:
        choose_engine(settings(tmp_path, cloud=Cloud.AWS), search_path=search_path)
    assert "berth engine install" in str(refused.value.hint)


def test_aws_refuses_the_sandbox_engine(tmp_path: Path) -> None:
    """The sandbox engine is never pointed at AWS."""
    with pytest.raises(EngineMissingError):
        choose_engine(settings(tmp_path, cloud=Cloud.AWS, engine=EngineChoice.SANDBOX))


def test_official_engine_can_be_required(tmp_path: Path) -> None:
    """With `official` the sandbox engine is no substitute."""
    with pytest.raises(EngineMissingError):
        choose_engine(settings(tmp_path, engine=EngineChoice.OFFICIAL), search_path=str(tmp_path))
