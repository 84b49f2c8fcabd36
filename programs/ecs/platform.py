"""What an environment offers to each of its workloads."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from programs.components.load_balancer import LoadBalancer
from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.components.security_group import SecurityGroup
from programs.ecs.app_mesh.mesh import AppMesh
from programs.ecs.capacity import ClusterCapacity
from programs.ecs.cluster import Cluster
from programs.ecs.discovery import Namespace
from programs.ecs.service_connect import ConnectSettings
from programs.request.mesh import MeshKind
from programs.request.observability import AlarmThresholds


@dataclass(frozen=True, slots=True)
class AlarmPolicy:
    """When alarms ring and who is told; without a topic only alarms that end a rollout are made."""

    thresholds: AlarmThresholds
    topic_arn: pulumi.Input[str] | None
    counts_tasks: bool


@dataclass(frozen=True, slots=True)
class Platform:
    """The environment's shared parts.

    `hosts` are the addresses of workloads by name, `callees` the workloads that each one calls,
    `priorities` the places of public workloads' rules.
    """

    scope: Scope
    placement: NetworkPlacement
    cluster: Cluster
    capacity: ClusterCapacity
    key_arn: pulumi.Input[str]
    hosts: Mapping[str, str]
    callees: Mapping[str, tuple[str, ...]]
    priorities: Mapping[str, int]
    security_groups: Mapping[str, SecurityGroup]
    has_tracing: bool
    mesh: MeshKind
    alarms: AlarmPolicy
    balancer: LoadBalancer | None = None
    namespace: Namespace | None = None
    connect: ConnectSettings | None = None
    app_mesh: AppMesh | None = None
