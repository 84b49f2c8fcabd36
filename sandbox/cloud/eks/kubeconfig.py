"""The kubeconfig of a cluster, whose tokens come from the AWS CLI."""

from sandbox.cloud.wire.values import UNKNOWN, Properties, Value, has_unknown, object_of, text_of


def kubeconfig_of(cluster: Properties, credentials: Properties) -> Value:
    """The kubeconfig; unknown while the cluster's endpoint is.

    Args:
        cluster: the cluster's outputs.
        credentials: the role or profile to get tokens with, where the program gave one.
    """
    authority = object_of(cluster, "certificateAuthority")
    parts: list[Value] = [
        cluster.get("name"),
        cluster.get("endpoint"),
        cluster.get("arn"),
        authority.get("data"),
    ]
    if any(part is None for part in parts) or has_unknown(parts):
        return UNKNOWN
    name, region = text_of(cluster, "name"), text_of(cluster, "arn").split(":")[3]
    return {
        "apiVersion": "v1",
        "clusters": [
            {
                "cluster": {
                    "certificate-authority-data": authority.get("data"),
                    "server": cluster.get("endpoint"),
                },
                "name": "kubernetes",
            }
        ],
        "contexts": [{"context": {"cluster": "kubernetes", "user": "aws"}, "name": "aws"}],
        "current-context": "aws",
        "kind": "Config",
        "users": [{"name": "aws", "user": {"exec": _token_command(name, region, credentials)}}],
    }


def _token_command(name: str, region: str, credentials: Properties) -> Properties:
    arguments: list[Value] = [
        "--region",
        region,
        "eks",
        "get-token",
        "--cluster-name",
        name,
        "--output",
        "json",
    ]
    for option, given in (("--role", "roleArn"), ("--profile", "profileName")):
        if text_of(credentials, given):
            arguments += [option, text_of(credentials, given)]
    information = '{"apiVersion": "client.authentication.k8s.io/v1beta1"}'
    return {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "args": arguments,
        "command": "aws",
        "env": [{"name": "KUBERNETES_EXEC_INFO", "value": information}],
    }
