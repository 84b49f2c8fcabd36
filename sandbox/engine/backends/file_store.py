"""The official layout of a folder that keeps stacks below their projects (pkg/backend/diy, version 1)."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from sandbox.engine.errors import EngineError
from sandbox.engine.state.deployment import SCHEMA_VERSION, UntypedDeployment
from sandbox.engine.state.json_values import JsonObject, child, dump, load_object, number, text, texts

_META = "version: 1\n"
_TAGS_VERSION = 1


class FileStore:
    """Reads and writes the files of stacks below `.pulumi`."""

    def __init__(self, root: Path) -> None:
        """Take the folder that holds `.pulumi`.

        Raises:
            EngineError: if the folder is missing or of another layout.
        """
        if not root.is_dir():
            raise EngineError(f"unable to open bucket file://{root}: stat {root}: no such file or directory")
        self.root = root
        self._pulumi = root / ".pulumi"

    def prepare(self) -> None:
        """Write the layout's mark, or refuse a folder of another layout."""
        meta = self._pulumi / "meta.yaml"
        if not meta.exists():
            write_whole(meta, _META)
        elif "version: 1" not in meta.read_text(encoding="utf-8"):
            raise EngineError(f"{meta} names a layout that is not supported; run `pulumi state upgrade`")

    def checkpoint_path(self, project: str, stack: str) -> Path:
        """The file of a stack's checkpoint."""
        return self._pulumi / "stacks" / project / f"{stack}.json"

    def stacks(self) -> Iterator[tuple[str, str]]:
        """(project, stack) of every stack."""
        for path in sorted((self._pulumi / "stacks").glob("*/*.json")):
            yield path.parent.name, path.stem

    def read_checkpoint(self, project: str, stack: str) -> UntypedDeployment:
        """The deployment in a stack's checkpoint."""
        document = load_object(self.checkpoint_path(project, stack).read_bytes())
        deployment = child(child(document, "checkpoint"), "latest")
        version = int(number(document, "version")) or SCHEMA_VERSION
        envelope: JsonObject = {
            "version": version,
            "deployment": deployment,
            "features": [*texts(document, "features")],
        }
        return UntypedDeployment.from_json(envelope)

    def write_checkpoint(self, project: str, stack: str, deployment: UntypedDeployment) -> None:
        """Replace a stack's checkpoint in one go, keeping the one before as `.bak`."""
        path = self.checkpoint_path(project, stack)
        document: JsonObject = {"version": deployment.version}
        if deployment.features:
            document["features"] = [*deployment.features]
        checkpoint: JsonObject = {"stack": f"organization/{project}/{stack}"}
        if deployment.deployment:
            checkpoint["latest"] = deployment.deployment
        document["checkpoint"] = checkpoint
        if path.exists():
            backup = path.with_name(f"{path.name}.bak")
            backup.unlink(missing_ok=True)
            os.link(path, backup)
        write_whole(path, dump(document))

    def remove(self, project: str, stack: str) -> None:
        """Remove a stack; its last checkpoint stays as `.bak`."""
        path = self.checkpoint_path(project, stack)
        path.replace(path.with_name(f"{path.name}.bak"))
        self._tags_path(project, stack).unlink(missing_ok=True)
        shutil.rmtree(self._history(project, stack), ignore_errors=True)

    def move(self, project: str, stack: str, new_project: str, new_stack: str) -> None:
        """Move a stack's history and tags under another name and retire its old checkpoint."""
        old = self.checkpoint_path(project, stack)
        old.replace(old.with_name(f"{old.name}.bak"))
        if (tags := self._tags_path(project, stack)).exists():
            tags.replace(self._tags_path(new_project, new_stack))
        target = self._history(new_project, new_stack)
        for path in sorted(self._history(project, stack).glob(f"{stack}-*")):
            target.mkdir(parents=True, exist_ok=True)
            path.replace(target / path.name.replace(stack, new_stack, 1))

    def add_history(self, project: str, stack: str, update: JsonObject) -> None:
        """Record an ended update and the checkpoint that it left."""
        prefix = self._history(project, stack) / f"{stack}-{time.time_ns()}"
        write_whole(prefix.with_name(f"{prefix.name}.history.json"), dump(update))
        checkpoint = self.checkpoint_path(project, stack).read_text(encoding="utf-8")
        write_whole(prefix.with_name(f"{prefix.name}.checkpoint.json"), checkpoint)
        backup = self._pulumi / "backups" / project / stack / f"{stack}.{time.time_ns()}.json"
        write_whole(backup, checkpoint)

    def history(self, project: str, stack: str) -> list[Path]:
        """Files of the ended updates, newest first."""
        return sorted(self._history(project, stack).glob("*.history.json"), reverse=True)

    def tags(self, project: str, stack: str) -> dict[str, str]:
        """A stack's tags."""
        path = self._tags_path(project, stack)
        if not path.exists():
            return {}
        tags = child(load_object(path.read_bytes()), "tags")
        return {key: text(tags, key) for key in tags}

    def write_tags(self, project: str, stack: str, tags: dict[str, str]) -> None:
        """Replace a stack's tags."""
        path = self._tags_path(project, stack)
        if tags:
            write_whole(path, dump({"version": _TAGS_VERSION, "tags": dict(tags)}))
        else:
            path.unlink(missing_ok=True)

    def locks(self, project: str, stack: str) -> Path:
        """The folder of a stack's locks."""
        return self._pulumi / "locks" / "organization" / project / stack

    def _history(self, project: str, stack: str) -> Path:
        return self._pulumi / "history" / project / stack

    def _tags_path(self, project: str, stack: str) -> Path:
        return self._pulumi / "stacks" / project / f"{stack}.pulumi-tags"


def write_whole(path: Path, content: str) -> None:
    """Replace a file so that a reader sees the old content or the new, never a part."""
    staged = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        staged.write_text(content, encoding="utf-8")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        staged.write_text(content, encoding="utf-8")
    staged.replace(path)
