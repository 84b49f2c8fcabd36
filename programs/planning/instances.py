"""What the name of an EC2 instance type says about it."""

import re

_FAMILY = re.compile(r"^(?P<series>[a-z]+)(?P<generation>[0-9]+)(?P<attributes>[a-z0-9-]*)\.")
GPU_SERIES = frozenset({"p", "g", "gr"})
"""First letters of the families with GPUs."""


def is_arm64(instance_type: str) -> bool:
    """Whether the type has a Graviton processor: `g` among the attributes, or the first generation `a1`."""
    match = _FAMILY.match(instance_type)
    if match is None:
        return False
    is_first_graviton = match["series"] == "a" and match["generation"] == "1"
    return is_first_graviton or match["attributes"].split("-")[0].startswith("g")


def has_gpu(instance_type: str) -> bool:
    """Whether the type has NVIDIA GPUs: the series p, g and gr, but g4ad, whose GPUs are AMD's."""
    match = _FAMILY.match(instance_type)
    if match is None or match["attributes"].startswith("ad"):
        return False
    return match["series"] in GPU_SERIES
