"""File systems mounted into a workload."""

from pydantic import Field

from programs.request.identifiers import AbsolutePath, AccessPointId, FileSystemId, ShortName
from programs.request.strict import Boolean, StrictModel


class EfsVolume(StrictModel):
    """An Amazon EFS file system, always encrypted in transit.

    ECS mounts it with IAM authorization, as the task's role. On EKS the driver mounts it for a node's pods,
    as nobody: a file system policy that asks for a role lets no pod in.
    """

    file_system_id: FileSystemId = Field(
        title="File system", description="The id of the file system.", examples=["fs-0123456789abcdef0"]
    )
    access_point_id: AccessPointId | None = Field(
        default=None,
        title="Access point",
        description="The access point to mount by. Absent: the file system's root directory.",
        examples=["fsap-0123456789abcdef0"],
    )


class Volume(StrictModel):
    """A file system and where it is mounted."""

    name: ShortName = Field(
        title="Name", description="The volume's name, unique in its workload.", examples=["uploads"]
    )
    mount_path: AbsolutePath = Field(
        title="Mount path", description="Directory of the container it appears at.", examples=["/var/uploads"]
    )
    efs: EfsVolume = Field(
        title="EFS file system",
        description="The file system to mount.",
        examples=[{"file_system_id": "fs-0123456789abcdef0"}],
    )
    read_only: Boolean = Field(
        default=False,
        title="Read-only",
        description="Whether the workload may only read it.",
        examples=[False],
    )
