"""EFS file systems that a workload mounts: a volume that names the file system, and the claim to it.

https://github.com/kubernetes-sigs/aws-efs-csi-driver/tree/master/examples/kubernetes/static_provisioning
"""

import pulumi
from pulumi_kubernetes.core.v1 import (
    CSIPersistentVolumeSourceArgs,
    PersistentVolume,
    PersistentVolumeClaim,
    PersistentVolumeClaimSpecArgs,
    PersistentVolumeSpecArgs,
    VolumeResourceRequirementsArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.eks.naming import namespace_of, object_labels
from programs.eks.platform import Platform
from programs.eks.volumes import claim_name
from programs.request.storage import Volume
from programs.request.workload import Workload

_NOMINAL_SIZE = "1Gi"  # a file system grows as it is filled; Kubernetes asks for a number all the same


def make_file_systems(
    name: str, workload: Workload, platform: Platform, parent: pulumi.Resource, namespace: pulumi.Resource
) -> list[pulumi.Resource]:
    """Make a volume and a claim for each file system; what lies on it stays when they go."""
    made: list[pulumi.Resource] = []
    for volume in workload.volumes:
        modes = ["ReadOnlyMany"] if volume.read_only else ["ReadWriteMany"]
        persistent = PersistentVolume(
            f"{name}-{volume.name}-volume",
            metadata=ObjectMetaArgs(
                name=f"{platform.scope.prefix}-{claim_name(workload, volume.name)}",
                labels=object_labels(platform.scope, workload),
            ),
            spec=PersistentVolumeSpecArgs(
                access_modes=modes,
                capacity={"storage": _NOMINAL_SIZE},
                persistent_volume_reclaim_policy="Retain",
                storage_class_name="",
                mount_options=["tls"],
                csi=CSIPersistentVolumeSourceArgs(driver="efs.csi.aws.com", volume_handle=_handle(volume)),
            ),
            opts=platform.inside(parent, [namespace]),
        )
        claim = PersistentVolumeClaim(
            f"{name}-{volume.name}-claim",
            metadata=ObjectMetaArgs(
                name=claim_name(workload, volume.name),
                namespace=namespace_of(workload.name),
                labels=object_labels(platform.scope, workload),
            ),
            spec=PersistentVolumeClaimSpecArgs(
                access_modes=modes,
                storage_class_name="",
                volume_name=persistent.metadata.name,
                resources=VolumeResourceRequirementsArgs(requests={"storage": _NOMINAL_SIZE}),
            ),
            # Nothing outside comes of it, and its protection would hold a delete back while pods mount it.
            opts=platform.inside(parent, [namespace, persistent]),
        )
        made.append(claim)
    return made


def _handle(volume: Volume) -> str:
    file_system, access_point = volume.efs.file_system_id, volume.efs.access_point_id
    return file_system if access_point is None else f"{file_system}::{access_point}"
