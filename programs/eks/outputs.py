"""What a user needs of a standing environment, as the stack's outputs."""

from collections.abc import Mapping, Sequence

import pulumi

from programs.components.image_repository import repository_url
from programs.components.repositories import push_commands
from programs.components.scope import Scope
from programs.eks.cluster import Cluster, control_plane_log_group
from programs.eks.ingress import Entrance
from programs.eks.kubeconfig import kubeconfig_json, update_kubeconfig_command
from programs.eks.naming import namespace_of, service_host
from programs.eks.roles import Role
from programs.eks.workload import WorkloadDeployment
from programs.request import EksEnvironment
from programs.request.workload import Workload


def export_outputs(
    request: EksEnvironment,
    scope: Scope,
    cluster: Cluster,
    node_role: Role,
    entrance: Entrance,
    deployments: Mapping[str, WorkloadDeployment],
) -> None:
    """Export addresses, names, ARNs and the commands that people run against the environment."""
    _export_cluster(scope, cluster, node_role)
    url = environment_url(request, entrance, deployments)
    if url is not None:
        pulumi.export("url", url)
    pulumi.export("namespaces", {name: namespace_of(name) for name in deployments})
    hosts = {workload.name: service_host(workload.name) for workload in request.workloads if workload.ports}
    pulumi.export("discovery_names", hosts)
    repositories = request.registry.repositories
    pulumi.export("repository_urls", {name: repository_url(scope, name) for name in repositories})
    pulumi.export("push_commands", {name: push_commands(scope, name) for name in repositories})
    pulumi.export("exec_commands", exec_commands(request.workloads))
    pulumi.export("console_links", console_links(scope, cluster.name))


def _export_cluster(scope: Scope, cluster: Cluster, node_role: Role) -> None:
    pulumi.export("cluster_name", cluster.name)
    pulumi.export("cluster_endpoint", cluster.endpoint.apply(lambda endpoint: endpoint.address))
    pulumi.export(
        "cluster_certificate_authority",
        cluster.endpoint.apply(lambda endpoint: endpoint.certificate_authority),
    )
    pulumi.export("oidc_issuer", pulumi.Output.concat("https://", cluster.issuer.address))
    config = cluster.endpoint.apply(
        lambda endpoint: kubeconfig_json(endpoint, cluster_name=cluster.name, region=scope.region)
    )
    pulumi.export("kubeconfig", config)
    pulumi.export("update_kubeconfig_command", update_kubeconfig_command(cluster.name, scope.region))
    pulumi.export("node_role_arn", node_role.arn)
    pulumi.export("log_group_names", {"control_plane": control_plane_log_group(scope)})


def environment_url(
    request: EksEnvironment, entrance: Entrance, deployments: Mapping[str, WorkloadDeployment]
) -> pulumi.Output[str] | None:
    """Return where a browser finds the environment: its own host name where one is given."""
    scheme = "https" if entrance.is_secure else "http"
    exposures = [workload.public for workload in request.public_workloads if workload.public is not None]
    hosts = [one.host for one in exposures if one.host is not None and "*" not in one.host]
    if hosts:
        return pulumi.Output.from_input(f"{scheme}://{hosts[0]}")
    ingresses = [one.ingress for one in deployments.values() if one.ingress is not None]
    if not ingresses:
        return None
    # Not there yet in a preview, nor where nobody makes the load balancer.
    return ingresses[0].status.apply(
        lambda status: (
            f"{scheme}://{status.load_balancer.ingress[0].hostname}"
            if status and status.load_balancer and status.load_balancer.ingress
            else ""
        )
    )


def exec_commands(workloads: Sequence[Workload]) -> dict[str, str]:
    """Return, for each workload that allows it, the command that opens a shell in a pod."""
    return {
        workload.name: f"kubectl exec --namespace {namespace_of(workload.name)} --stdin --tty $POD "
        f"--container {workload.name} -- /bin/sh"
        for workload in workloads
        if workload.exec
    }


def console_links(scope: Scope, cluster_name: str) -> dict[str, str]:
    """Return the pages of AWS's console for the cluster and the control plane's logs."""
    domain = "console.amazonaws.cn" if scope.partition == "aws-cn" else "console.aws.amazon.com"
    site = f"https://{scope.region}.{domain}"
    # The console wants slashes of a log group's name encoded twice.
    encoded = control_plane_log_group(scope).replace("/", "$252F")
    query = f"?region={scope.region}#logsV2:log-groups/log-group/{encoded}"
    return {
        "cluster": f"{site}/eks/clusters/{cluster_name}?region={scope.region}",
        "control_plane_logs": f"{site}/cloudwatch/home{query}",
    }
