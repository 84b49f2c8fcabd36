"""What a deployment waits for inside the cluster: pods, but none whose image nobody can have pushed yet.

The engine's provider waits until a Deployment's pods are up, and until no endpoint of a Service is unready
(https://github.com/pulumi/pulumi-kubernetes/tree/master/provider/pkg/await, deployment.go and service.go). It
waits for an Ingress until the load balancer has an address, which no pod decides, and not at all for what
controllers define themselves.
"""

from programs.components.images import uses_own_repository
from programs.request.workload import Workload

_SKIP_AWAIT = "pulumi.com/skipAwait"


def waiting_annotations(workload: Workload) -> dict[str, str] | None:
    """Return the annotations of what would be waited for until the workload's pods are ready."""
    return {_SKIP_AWAIT: "true"} if uses_own_repository(workload) else None
