"""Which add-ons a cluster gets, in which order, and with which values."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from programs.request import EksEnvironment
from programs.request.eks import Autoscaler
from programs.request.eks_addons import Addon, AddonName

ESSENTIAL = (AddonName.VPC_CNI, AddonName.KUBE_PROXY, AddonName.COREDNS)
"""Without these, pods have no network and no names; Auto Mode brings its own."""

BUILT_INTO_AUTO_MODE = frozenset({*ESSENTIAL, AddonName.EBS_CSI_DRIVER, AddonName.POD_IDENTITY_AGENT})
"""https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html, 'Auto Mode'."""


@dataclass(frozen=True, slots=True)
class AddonPlan:
    """One add-on to install; `before_compute` ones stand before the first node."""

    name: AddonName
    version: str | None
    values: Mapping[str, JsonValue]
    before_compute: bool


def plan_addons(request: EksEnvironment, tags: Mapping[str, str]) -> tuple[AddonPlan, ...]:
    """Return the add-ons asked for and those that other settings need, by name.

    What they make in AWS bears `tags`, so that it can be found when it was left behind.
    """
    cluster = request.cluster
    wanted: dict[AddonName, Addon] = {} if cluster.auto_mode else {name: Addon() for name in ESSENTIAL}
    wanted |= {
        name: addon
        for name, addon in cluster.addons.items()
        if not (cluster.auto_mode and name in BUILT_INTO_AUTO_MODE)
    }
    for name in _needed(request):
        wanted.setdefault(name, Addon())
    return tuple(_plan(name, addon, tags) for name, addon in sorted(wanted.items()))


def _needed(request: EksEnvironment) -> list[AddonName]:
    needed: list[AddonName] = []
    if not request.cluster.auto_mode:
        needed.append(AddonName.POD_IDENTITY_AGENT)
    if request.cluster.metrics_server:
        needed.append(AddonName.METRICS_SERVER)
    if any(workload.volumes for workload in request.workloads):
        needed.append(AddonName.EFS_CSI_DRIVER)
    return needed


def _plan(name: AddonName, addon: Addon, tags: Mapping[str, str]) -> AddonPlan:
    values: dict[str, JsonValue] = dict(addon.values)
    if addon.env:
        values["env"] = dict(addon.env)
    if name is AddonName.VPC_CNI:
        # Without it, network policies are accepted and not enforced.
        values.setdefault("enableNetworkPolicy", "true")
    if name is AddonName.EBS_CSI_DRIVER:
        values["controller"] = _tagged(values.get("controller"), tags)
    before = addon.before_compute or name is AddonName.VPC_CNI
    return AddonPlan(name=name, version=addon.version, values=values, before_compute=before)


def _tagged(controller: JsonValue, tags: Mapping[str, str]) -> JsonValue:
    """Return the driver's settings with tags for its volumes; what the request says of these stands."""
    asked = controller if isinstance(controller, dict) else {}
    own = asked.get("extraVolumeTags")
    return {**asked, "extraVolumeTags": {**tags, **(own if isinstance(own, dict) else {})}}


def is_autoscaled(request: EksEnvironment) -> bool:
    """Return whether somebody else than the request decides how many nodes a group has."""
    return request.cluster.autoscaler is Autoscaler.CLUSTER_AUTOSCALER
