"""The load balancer of an environment, and the bucket of its access log."""

import pulumi

from programs.components.log_bucket import LogBucket, LogBucketArgs
from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.eks.ingress import Entrance, make_entrance
from programs.planning.priorities import assign_priorities
from programs.request import EksEnvironment


def make_balancer_entrance(
    request: EksEnvironment, scope: Scope, placement: NetworkPlacement, opts: pulumi.ResourceOptions
) -> Entrance:
    """Return what every ingress says of the load balancer; make a bucket for its log where one is wanted."""
    settings = request.load_balancer
    bucket_name: pulumi.Input[str] | None = None
    if settings.access_logs and request.public_workloads:
        if settings.access_logs_bucket is not None:
            bucket_name = settings.access_logs_bucket
        else:
            bucket_name = LogBucket("access-log", LogBucketArgs(scope, "access-log"), opts).bucket_name
    return make_entrance(request, scope, placement, assign_priorities(request.workloads), bucket_name)
