"""Pulumi.yaml and Pulumi.<stack>.yaml, read and written as the official CLI does."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import yaml

from sandbox.engine.errors import EngineError
from sandbox.engine.state.json_values import Json, JsonObject, child, text

_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Project:
    """What a project file says."""

    name: str
    runtime: str
    main: str
    description: str
    backend_url: str
    root: Path
    document: JsonObject

    @property
    def working_directory(self) -> Path:
        """Where the program runs: `main` when it names a folder, else the project's folder."""
        main = self.root / self.main if self.main else self.root
        return main if main.is_dir() else main.parent


def load_project(folder: Path) -> Project:
    """The project of a folder or of the nearest one above it.

    Raises:
        EngineError: if there is none, or it is not one.
    """
    for candidate in (folder, *folder.parents):
        for suffix in _SUFFIXES:
            path = candidate / f"Pulumi{suffix}"
            if path.is_file():
                return _read(path)
    raise EngineError(
        f"no Pulumi.yaml project file found (searching upwards from {folder}). "
        "If you have not created a project yet, use `pulumi new` to do so"
    )


def _read(path: Path) -> Project:
    document = _load(path)
    runtime = document.get("runtime")
    name = text(document, "name")
    if not name:
        raise EngineError(f"could not unmarshal '{path}': project is missing a 'name' attribute")
    return Project(
        name=name,
        runtime=text(runtime, "name") if isinstance(runtime, dict) else str(runtime or ""),
        main=text(document, "main"),
        description=text(document, "description"),
        backend_url=text(child(document, "backend"), "url"),
        root=path.parent,
        document=document,
    )


def _load(path: Path) -> JsonObject:
    content = path.read_text(encoding="utf-8")
    loaded = json.loads(content) if path.suffix == ".json" else yaml.safe_load(content)
    return cast("JsonObject", loaded) if isinstance(loaded, dict) else {}


@dataclass(slots=True)
class StackFile:
    """A stack's settings: its secrets provider and its configuration."""

    path: Path
    encryption_salt: str = ""
    secrets_provider: str = ""
    encrypted_key: str = ""
    config: dict[str, Json] = field(default_factory=dict[str, Json])
    rest: JsonObject = field(default_factory=dict)

    def save(self) -> None:
        """Write the file; nothing is written for a stack without settings."""
        document: JsonObject = {**self.rest}
        for key, value in (
            ("secretsprovider", self.secrets_provider),
            ("encryptedkey", self.encrypted_key),
            ("encryptionsalt", self.encryption_salt),
        ):
            if value:
                document[key] = value
        if self.config:
            document["config"] = dict(self.config)
        if not document and not self.path.exists():
            return
        if self.path.suffix == ".json":
            content = json.dumps(document, indent=4)
        else:
            content = yaml.safe_dump(document, sort_keys=False, allow_unicode=True) if document else "{}\n"
        _write_whole(self.path, content)


def _write_whole(path: Path, content: str) -> None:
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    staged.write_text(content, encoding="utf-8")
    staged.chmod(0o600)
    staged.replace(path)


def load_stack_file(project: Project, stack: str, override: str = "") -> StackFile:
    """The settings of a stack, empty when there are none yet."""
    if override:
        path = Path(override)
    else:
        candidates = [project.root / f"Pulumi.{stack}{suffix}" for suffix in _SUFFIXES]
        path = next((candidate for candidate in candidates if candidate.is_file()), candidates[0])
    document = _load(path) if path.is_file() else {}
    known = {"encryptionsalt", "secretsprovider", "encryptedkey", "config"}
    return StackFile(
        path=path,
        encryption_salt=text(document, "encryptionsalt"),
        secrets_provider=text(document, "secretsprovider"),
        encrypted_key=text(document, "encryptedkey"),
        config=child(document, "config"),
        rest={key: value for key, value in document.items() if key not in known},
    )


def workspace_file(home: Path, project: Project) -> Path:
    """Where the selected stack of a project is remembered."""
    # pkg/workspace: named for the project and the digest of its file's path.
    candidates = [project.root / f"Pulumi{suffix}" for suffix in _SUFFIXES]
    path = next(candidate for candidate in candidates if candidate.is_file())
    digest = hashlib.sha1(str(path).encode(), usedforsecurity=False).hexdigest()
    return home / "workspaces" / f"{project.name}-{digest}-workspace.json"
