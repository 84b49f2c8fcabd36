"""The versions of a workload that run side by side, and the services that tell them apart."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs

from programs.eks import argo_rollouts, flagger
from programs.eks.analysis import make_analysis_template, measures_of
from programs.eks.app_mesh import POD_ANNOTATIONS
from programs.eks.containers import PodContext
from programs.eks.delivery import DeliveryKind
from programs.eks.deployments import make_deployment, version_labels
from programs.eks.ingress import Backend
from programs.eks.platform import Platform
from programs.eks.pods import pod_template
from programs.eks.scaling import ScaleTarget, is_scaled
from programs.eks.services import make_service
from programs.request import EksEnvironment
from programs.request.images import RepositoryImage
from programs.request.mesh import MeshKind
from programs.request.rollout import RolloutStrategy
from programs.request.workload import Workload

_WHOLE = 100
STABLE = "stable"
CANARY = "canary"


@dataclass(frozen=True, slots=True)
class VersionsArgs:
    """Whose versions they are, who delivers them, and where; `controllers` clean up after a mesh's routes."""

    workload: Workload
    kind: DeliveryKind
    context: PodContext
    request: EksEnvironment
    platform: Platform
    controllers: tuple[pulumi.Resource, ...]


class Versions(pulumi.ComponentResource):
    """The pods of a workload, by whoever delivers them."""

    scale_target: ScaleTarget
    backend: Backend | None
    made: list[pulumi.Resource]

    def __init__(
        self,
        name: str,
        args: VersionsArgs,
        inside: pulumi.ResourceOptions,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make pods and services; `inside` are the options of what ends with the cluster."""
        super().__init__("berth:eks:Versions", f"{name}-versions", None, opts)
        self._name, self._args = name, args
        self._inside = pulumi.ResourceOptions.merge(inside, pulumi.ResourceOptions(parent=self))
        # What an autoscaler or a schedule has set is not set back by the next deployment.
        is_left_alone = is_scaled(args.workload) and not args.platform.scope.is_resuming
        ignored = ["spec.replicas"] if is_left_alone else None
        self._pods = pulumi.ResourceOptions.merge(
            self._inside, pulumi.ResourceOptions(ignore_changes=ignored)
        )
        workload = args.workload
        self.scale_target = ScaleTarget("apps/v1", "Deployment", workload.name)
        self.backend = Backend(workload.name, workload.ports[0].port) if workload.ports else None
        self.made = []
        match args.kind:
            case DeliveryKind.ROLLING:
                self._make_one()
            case DeliveryKind.WEIGHTED:
                self._make_weighted()
            case DeliveryKind.ARGO:
                self._make_argo()
            case DeliveryKind.FLAGGER:
                self._make_flagger()
        self.register_outputs({})

    def _template(
        self, version: str | None = None, image: str | RepositoryImage | None = None
    ) -> PodTemplateSpecArgs:
        args = self._args
        annotations = POD_ANNOTATIONS if args.request.mesh.kind is MeshKind.APP_MESH else None
        return pod_template(args.workload, args.context, version_labels(version), image, annotations)

    def _make_service(self, service_name: str, extra_selector: dict[str, str] | None = None) -> None:
        workload, scope = self._args.workload, self._args.platform.scope
        if workload.ports:
            resource_name = f"{self._name}{service_name.removeprefix(workload.name)}-service"
            self.made.append(
                make_service(resource_name, service_name, workload, scope, self._inside, extra_selector)
            )

    def _make_one(self) -> None:
        workload, scope = self._args.workload, self._args.platform.scope
        self._make_service(workload.name)
        deployment = make_deployment(
            f"{self._name}-deployment", workload, self._template(), scope, self._pods
        )
        self.made.append(deployment)

    def _make_weighted(self) -> None:
        """Make the version that stands, and beside it the one on trial where the request names both."""
        workload, scope = self._args.workload, self._args.platform.scope
        standing = workload.rollout.stable_image
        self._make_service(workload.name)
        self._make_service(f"{workload.name}-{STABLE}", version_labels(STABLE))
        self._make_service(f"{workload.name}-{CANARY}", version_labels(CANARY))
        stable = self._template(STABLE, standing)
        self.made.append(make_deployment(f"{self._name}-stable", workload, stable, scope, self._pods, STABLE))
        share = trial_percent(workload)
        copies = 0 if standing is None else _share_of(workload.replicas.desired, max(share, 1))
        trial = make_deployment(
            f"{self._name}-canary", workload, self._template(CANARY), scope, self._inside, CANARY, copies
        )
        self.made.append(trial)
        self.scale_target = ScaleTarget("apps/v1", "Deployment", f"{workload.name}-{STABLE}")
        weights = ((f"{workload.name}-{STABLE}", _WHOLE - share), (f"{workload.name}-{CANARY}", share))
        self.backend = Backend(workload.name, workload.ports[0].port, weights)

    def _make_argo(self) -> None:
        workload, platform = self._args.workload, self._args.platform
        services = argo_rollouts.rollout_services(workload)
        for service_name in dict.fromkeys((workload.name, services.stable, services.trial)):
            self._make_service(service_name)
        thresholds = self._args.request.observability.alarm_thresholds
        measures = measures_of(workload, thresholds, platform.scope)
        if measures:
            self.made.append(
                make_analysis_template(self._name, workload, measures, platform.scope, self._inside)
            )
        pods = pulumi.ResourceOptions.merge(self._pods, pulumi.ResourceOptions(depends_on=self.made))
        self.made.append(
            argo_rollouts.make_rollout(self._name, workload, self._template(), platform.scope, pods)
        )
        self.scale_target = argo_rollouts.scale_target(workload)
        self.backend = argo_rollouts.backend(workload)

    def _make_flagger(self) -> None:
        workload, platform, request = self._args.workload, self._args.platform, self._args.request
        deployment = make_deployment(
            f"{self._name}-deployment", workload, self._template(), platform.scope, self._pods
        )
        measures = measures_of(workload, request.observability.alarm_thresholds, platform.scope)
        templates = flagger.make_metric_templates(
            self._name, workload, measures, platform.scope, self._inside
        )
        canary = flagger.make_canary(
            self._name,
            workload,
            request.mesh,
            measures,
            platform.scope,
            self._canary_options([deployment, *templates]),
        )
        self.made += [deployment, canary]
        self.backend = flagger.backend(workload)

    def _canary_options(self, watched: list[pulumi.Resource]) -> pulumi.ResourceOptions:
        """Return the Canary's options: the route that it owns on a mesh stands for something outside."""
        if self._args.request.mesh.kind is MeshKind.NONE:
            return pulumi.ResourceOptions.merge(self._inside, pulumi.ResourceOptions(depends_on=watched))
        return self._args.platform.reaching_out(self, [*self._args.controllers, *watched])


def _share_of(copies: int, percent: int) -> int:
    """Return a share of the copies, rounded down; at least one of any."""
    return min(copies, max(1, copies * percent // _WHOLE))


def trial_percent(workload: Workload) -> int:
    """Return the share of traffic for a version on trial: none without one, none for blue and green."""
    rollout = workload.rollout
    if rollout.stable_image is None or rollout.strategy is RolloutStrategy.BLUE_GREEN:
        return 0
    return rollout.canary_percent
