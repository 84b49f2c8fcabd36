"""Scheduled changes of a workload's bounds, as CronJobs that change exactly that workload."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.batch.v1 import CronJob, CronJobSpecArgs, JobSpecArgs, JobTemplateSpecArgs
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ResourceRequirementsArgs,
    ServiceAccount,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.rbac.v1 import PolicyRuleArgs, Role, RoleBinding, RoleRefArgs, SubjectArgs

from programs.eks.naming import namespace_of, object_labels
from programs.eks.platform import Platform
from programs.eks.pod_security import container_security_context, pod_security_context
from programs.eks.scaling import ScaleTarget, follows_requests
from programs.planning.cron import kubernetes_cron
from programs.request.scaling import ScheduledScaling
from programs.request.workload import Workload

KUBECTL_IMAGE = "registry.k8s.io/kubectl:v1.34.1"
_PLURALS = {"Deployment": "deployments", "Rollout": "rollouts"}
_NAME_LABEL = "app.kubernetes.io/name"


@dataclass(frozen=True, slots=True)
class ScheduleArgs:
    """Whose bounds change, in which namespace, and what is scaled."""

    platform: Platform
    workload: Workload
    namespace: pulumi.Resource
    target: ScaleTarget
    schedule: tuple[ScheduledScaling, ...]
    has_autoscaler: bool


class Schedule(pulumi.ComponentResource):
    """One CronJob for each change, and an account that may make these changes alone."""

    def __init__(self, name: str, args: ScheduleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the account, its rights and the jobs."""
        super().__init__("berth:eks:Schedule", name, None, opts)
        self._args = args
        self._account_name = f"{args.workload.name}-schedule"
        bound = self._make_account(name)
        for number, change in enumerate(args.schedule, start=1):
            self._make_job(f"{name}-{number}", number, change, bound)
        self.register_outputs({})

    def _meta(self, object_name: str) -> ObjectMetaArgs:
        workload = self._args.workload
        return ObjectMetaArgs(
            name=object_name,
            namespace=namespace_of(workload.name),
            labels={
                **object_labels(self._args.platform.scope, workload),
                # Not the workload's own pods: its service must not find these.
                _NAME_LABEL: self._account_name,
            },
        )

    def _make_account(self, name: str) -> list[pulumi.Resource]:
        inside = self._args.platform.inside(self, [self._args.namespace])
        account = ServiceAccount(f"{name}-account", metadata=self._meta(self._account_name), opts=inside)
        role = Role(f"{name}-role", metadata=self._meta(self._account_name), rules=self._rules(), opts=inside)
        binding = RoleBinding(
            f"{name}-binding",
            metadata=self._meta(self._account_name),
            role_ref=RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="Role", name=self._account_name),
            subjects=[
                SubjectArgs(
                    kind="ServiceAccount",
                    name=self._account_name,
                    namespace=namespace_of(self._args.workload.name),
                )
            ],
            opts=inside,
        )
        return [account, role, binding]

    def _rules(self) -> list[PolicyRuleArgs]:
        target = self._args.target
        group, _, _ = target.api_version.rpartition("/")
        plural = _PLURALS[target.kind]
        rules = [
            PolicyRuleArgs(
                api_groups=[group],
                resources=[plural, f"{plural}/scale"],
                resource_names=[target.name],
                verbs=["get", "patch", "update"],
            )
        ]
        if self._args.has_autoscaler:
            is_keda = follows_requests(self._args.workload)
            rules.append(
                PolicyRuleArgs(
                    api_groups=["keda.sh" if is_keda else "autoscaling"],
                    resources=["scaledobjects" if is_keda else "horizontalpodautoscalers"],
                    resource_names=[self._args.workload.name],
                    verbs=["get", "patch"],
                )
            )
        return rules

    def _make_job(
        self, name: str, number: int, change: ScheduledScaling, depends_on: list[pulumi.Resource]
    ) -> CronJob:
        commands = schedule_commands(self._args, change)
        containers = [_container(f"step-{step}", command) for step, command in enumerate(commands, start=1)]
        pod = PodSpecArgs(
            service_account_name=self._account_name,
            restart_policy="Never",
            security_context=pod_security_context(None, ()),
            init_containers=containers[:-1] or None,
            containers=containers[-1:],
        )
        template = PodTemplateSpecArgs(
            metadata=ObjectMetaArgs(labels={_NAME_LABEL: self._account_name}), spec=pod
        )
        return CronJob(
            name,
            metadata=self._meta(f"{self._account_name}-{number}"),
            spec=CronJobSpecArgs(
                schedule=kubernetes_cron(change.cron),
                time_zone=change.timezone,
                concurrency_policy="Forbid",
                starting_deadline_seconds=600,
                successful_jobs_history_limit=1,
                failed_jobs_history_limit=3,
                job_template=JobTemplateSpecArgs(
                    spec=JobSpecArgs(backoff_limit=3, active_deadline_seconds=300, template=template)
                ),
            ),
            opts=self._args.platform.inside(self, depends_on),
        )


def schedule_commands(args: ScheduleArgs, change: ScheduledScaling) -> list[list[str]]:
    """Return the kubectl arguments of one change: new bounds for the autoscaler, then the copies themselves.

    An autoscaler rests while there are no copies, so none by night is a count of 0; the least count by day
    wakes it.
    """
    workload, target = args.workload, args.target
    copies = 0 if change.max == 0 else max(1, change.min)
    commands: list[list[str]] = []
    if args.has_autoscaler and change.max > 0:
        is_keda = follows_requests(workload)
        keys = ("minReplicaCount", "maxReplicaCount") if is_keda else ("minReplicas", "maxReplicas")
        patch = json.dumps({"spec": dict(zip(keys, (max(1, change.min), change.max), strict=True))})
        kind = "scaledobject.keda.sh" if is_keda else "hpa"
        commands.append(["patch", kind, workload.name, "--type=merge", f"--patch={patch}"])
    group, _, _ = target.api_version.rpartition("/")
    resource = f"{_PLURALS[target.kind]}.{group}/{target.name}"
    commands.append(["scale", resource, f"--replicas={copies}"])
    return commands


def _container(name: str, arguments: list[str]) -> ContainerArgs:
    return ContainerArgs(
        name=name,
        image=KUBECTL_IMAGE,
        args=arguments,
        resources=ResourceRequirementsArgs(
            requests={"cpu": "10m", "memory": "64Mi"}, limits={"cpu": "100m", "memory": "64Mi"}
        ),
        security_context=container_security_context(None, is_read_only=True),
    )
