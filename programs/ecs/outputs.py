"""What a user needs of a standing environment, as the stack's outputs."""

from collections.abc import Sequence

import pulumi

from programs.components.image_repository import repository_url
from programs.components.images import own_repositories
from programs.components.load_balancer import LoadBalancer
from programs.components.repositories import push_commands
from programs.components.scope import Scope
from programs.ecs.cluster import cluster_name
from programs.ecs.deployments import Deployments
from programs.ecs.platform import Platform
from programs.request import EcsEnvironment
from programs.request.workload import Workload


def export_outputs(request: EcsEnvironment, platform: Platform, deployments: Deployments) -> None:
    """Export addresses, names, ARNs and the commands that people run against the environment."""
    scope, ordinary, express = platform.scope, deployments.ordinary, deployments.express
    pulumi.export("cluster_name", platform.cluster.name)
    pulumi.export("cluster_arn", platform.cluster.arn)
    _export_entrance(request, platform.balancer, deployments)
    arns = {name: one.service.arn for name, one in (*ordinary.items(), *express.items())}
    pulumi.export("service_arns", arns)
    pulumi.export("service_names", {workload.name: workload.name for workload in request.workloads})
    tasks = {name: one.task_definition for name, one in ordinary.items()}
    pulumi.export("task_definition_arns", {name: one.arn for name, one in tasks.items()})
    pulumi.export("task_definition_families", {name: one.family for name, one in tasks.items()})
    logs = {name: scope.log_group_name(name) for name in (*ordinary, *express)}
    pulumi.export("log_group_names", logs)
    pulumi.export("discovery_names", dict(platform.hosts))
    repositories = request.registry.repositories
    pulumi.export("repository_urls", {name: repository_url(scope, name) for name in repositories})
    starts = _start_commands(request, scope, deployments)
    commands = {name: [*push_commands(scope, name), *starts.get(name, ())] for name in repositories}
    pulumi.export("push_commands", commands)
    pulumi.export("exec_commands", exec_commands(scope, request.workloads))
    pulumi.export("deploy_commands", _deploy_commands(scope, deployments))
    pulumi.export("console_links", console_links(scope, request.workloads))


def _export_entrance(
    request: EcsEnvironment, balancer: LoadBalancer | None, deployments: Deployments
) -> None:
    if balancer is not None:
        pulumi.export("url", environment_url(request, balancer))
        pulumi.export("load_balancer_dns_name", balancer.dns_name)
        pulumi.export("load_balancer_arn", balancer.arn)
    urls = {name: one.service.url for name, one in deployments.express.items()}
    if urls:
        pulumi.export("url", next(iter(urls.values())))
        pulumi.export("express_urls", urls)


def _start_commands(request: EcsEnvironment, scope: Scope, deployments: Deployments) -> dict[str, list[str]]:
    """Return, for each repository, the commands that bring what was pushed there to run.

    ECS's circuit breaker ends a deployment whose images were not there yet; only another one brings the tasks
    back (docs/adr/0013). CodeDeploy's services have no breaker and refuse the command.
    """
    commands: dict[str, list[str]] = {}
    for workload in request.workloads:
        deployment = deployments.ordinary.get(workload.name)
        if deployment is None or deployment.code_deploy is not None:
            continue
        for repository in sorted(own_repositories(workload)):
            commands.setdefault(repository, []).extend(
                f"aws ecs update-service --region {scope.region} --cluster {cluster_name(scope)} "
                f"--service {workload.name}{suffix} --force-new-deployment"
                for suffix in deployment.services
            )
    return commands


def _deploy_commands(scope: Scope, deployments: Deployments) -> dict[str, pulumi.Output[str]]:
    """Return, for each workload that CodeDeploy rolls out, the command that starts a rollout."""
    return {
        name: one.code_deploy.deploy_command(scope, one.task_definition.arn)
        for name, one in deployments.ordinary.items()
        if one.code_deploy is not None
    }


def environment_url(request: EcsEnvironment, balancer: LoadBalancer) -> pulumi.Output[str]:
    """Return where a browser finds the environment: its own host name where one is given."""
    scheme = "https" if balancer.is_secure else "http"
    hosts = [workload.public.host for workload in request.public_workloads if workload.public is not None]
    plain = [host for host in hosts if host is not None and "*" not in host]
    return pulumi.Output.concat(f"{scheme}://", plain[0] if plain else balancer.dns_name)


def exec_commands(scope: Scope, workloads: Sequence[Workload]) -> dict[str, str]:
    """Return, for each workload that allows it, the command that opens a shell in a task."""
    cluster = cluster_name(scope)
    return {
        workload.name: f"aws ecs execute-command --region {scope.region} --cluster {cluster} --task $TASK_ID "
        f"--container {workload.name} --interactive --command /bin/sh"
        for workload in workloads
        if workload.exec
    }


def console_links(scope: Scope, workloads: Sequence[Workload]) -> dict[str, str]:
    """Return the pages of AWS's console for the cluster, each service and each log."""
    domain = "console.amazonaws.cn" if scope.partition == "aws-cn" else "console.aws.amazon.com"
    site = f"https://{scope.region}.{domain}"
    cluster = f"{site}/ecs/v2/clusters/{cluster_name(scope)}"
    links = {"cluster": f"{cluster}/services?region={scope.region}"}
    for workload in workloads:
        links[workload.name] = f"{cluster}/services/{workload.name}/health?region={scope.region}"
        # The console wants slashes of a log group's name encoded twice.
        encoded = scope.log_group_name(workload.name).replace("/", "$252F")
        query = f"?region={scope.region}#logsV2:log-groups/log-group/{encoded}"
        links[f"{workload.name}_logs"] = f"{site}/cloudwatch/home{query}"
    return links
