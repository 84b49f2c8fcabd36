"""How the cluster's API is reached: credentials are fetched when they are needed, none is written down."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiEndpoint:
    """Where the Kubernetes API is, and the authority (base64 of PEM) that signs its certificate."""

    address: str
    certificate_authority: str


def read_endpoint(kubeconfig: str) -> ApiEndpoint:
    """Return where the API is, of a kubeconfig in JSON with one cluster."""
    cluster = json.loads(kubeconfig)["clusters"][0]["cluster"]
    return ApiEndpoint(str(cluster["server"]), str(cluster["certificate-authority-data"]))


def kubeconfig_json(endpoint: ApiEndpoint, *, cluster_name: str, region: str) -> str:
    """Return a kubeconfig, in JSON, that gets its token from `aws eks get-token` at each use.

    The credentials of whoever uses it count: a person's own, or the role that an operation runs in.
    """
    arguments = ["eks", "get-token", "--cluster-name", cluster_name, "--region", region, "--output", "json"]
    exec_config = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": arguments,
        "interactiveMode": "Never",
    }
    cluster = {"server": endpoint.address, "certificate-authority-data": endpoint.certificate_authority}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": cluster_name, "cluster": cluster}],
        "contexts": [{"name": cluster_name, "context": {"cluster": cluster_name, "user": cluster_name}}],
        "current-context": cluster_name,
        "users": [{"name": cluster_name, "user": {"exec": exec_config}}],
    }
    return json.dumps(document, sort_keys=True)


def update_kubeconfig_command(cluster_name: str, region: str) -> str:
    """Return the line that writes such a kubeconfig on a person's machine."""
    return f"aws eks update-kubeconfig --name {cluster_name} --region {region}"
