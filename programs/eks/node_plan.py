"""What follows from a node group's request: image, hardware, taints as EKS writes them."""

from programs.planning.instances import has_gpu, is_arm64
from programs.request.eks_nodes import NodeGroup


def ami_type(group: NodeGroup) -> str:
    """Return the AMI type: the one asked for, else AL2023 for the first type's processor and GPU."""
    if group.ami_type is not None:
        return group.ami_type
    first = group.instance_types[0]
    if has_gpu(first):
        return "AL2023_ARM_64_NVIDIA" if is_arm64(first) else "AL2023_x86_64_NVIDIA"
    return "AL2023_ARM_64_STANDARD" if is_arm64(first) else "AL2023_x86_64_STANDARD"


def root_device_name(group: NodeGroup) -> str:
    """Return the device whose size matters: Bottlerocket keeps images and logs on its second disk."""
    return "/dev/xvdb" if ami_type(group).startswith("BOTTLEROCKET") else "/dev/xvda"
