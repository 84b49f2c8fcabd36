"""Directories of a pod: scratch space that keeps root file systems read-only, and EFS file systems."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from pulumi_kubernetes.core.v1 import (
    EmptyDirVolumeSourceArgs,
    PersistentVolumeClaimVolumeSourceArgs,
    VolumeArgs,
    VolumeMountArgs,
)

from programs.request.sidecars import OwnSidecar
from programs.request.workload import Workload


@dataclass(frozen=True, slots=True)
class Scratch:
    """An empty directory that one container may write to."""

    container: str
    path: str

    @property
    def volume_name(self) -> str:
        """A name that stays when other paths come or go."""
        return f"scratch-{sha256(f'{self.container}:{self.path}'.encode()).hexdigest()[:8]}"


def scratch_of(container: str, paths: Sequence[str], *, is_read_only: bool) -> tuple[Scratch, ...]:
    """Return the scratch directories of a container; none where it may write anywhere."""
    return tuple(Scratch(container, path) for path in paths) if is_read_only else ()


def workload_scratch(workload: Workload) -> tuple[Scratch, ...]:
    """Return the scratch directories of the workload's own container."""
    return scratch_of(workload.name, workload.writable_paths, is_read_only=workload.read_only_root_filesystem)


def sidecar_scratch(sidecar: OwnSidecar) -> tuple[Scratch, ...]:
    """Return the scratch directories of a container of one's own."""
    return scratch_of(sidecar.name, sidecar.writable_paths, is_read_only=sidecar.read_only_root_filesystem)


def scratch_mounts(scratch: Sequence[Scratch]) -> list[VolumeMountArgs]:
    """Return where scratch directories appear."""
    return [VolumeMountArgs(name=one.volume_name, mount_path=one.path) for one in scratch]


def claim_name(workload: Workload, volume_name: str) -> str:
    """Return the name of the claim by which a workload mounts a file system."""
    return f"{workload.name}-{volume_name}"


def file_system_mounts(workload: Workload) -> list[VolumeMountArgs]:
    """Return where file systems appear."""
    return [
        VolumeMountArgs(name=volume.name, mount_path=volume.mount_path, read_only=volume.read_only)
        for volume in workload.volumes
    ]


def pod_volumes(workload: Workload, scratch: Sequence[Scratch]) -> list[VolumeArgs]:
    """Return all volumes of the pod; scratch counts against the workload's scratch space."""
    limit = f"{workload.ephemeral_storage_gib}Gi"
    empty = [
        VolumeArgs(name=one.volume_name, empty_dir=EmptyDirVolumeSourceArgs(size_limit=limit))
        for one in scratch
    ]
    claims = [
        VolumeArgs(
            name=volume.name,
            persistent_volume_claim=PersistentVolumeClaimVolumeSourceArgs(
                claim_name=claim_name(workload, volume.name), read_only=volume.read_only
            ),
        )
        for volume in workload.volumes
    ]
    return [*empty, *claims]
