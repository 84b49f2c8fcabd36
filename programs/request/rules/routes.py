"""Public workloads: a port the load balancer can carry, and a rule that nobody else claims."""

from collections.abc import Iterator

from programs.request.containers import BALANCED_PROTOCOLS, Protocol
from programs.request.rules.problem import Place, Problem
from programs.request.shape import SharedShape
from programs.request.workload import Workload


def route_problems(request: SharedShape) -> Iterator[Problem]:
    """Public workloads without a port for it, shared rules and priorities, scaling by requests in private."""
    routes: dict[tuple[str | None, str], str] = {}
    priorities: dict[int, str] = {}
    for index, workload in enumerate(request.workloads):
        place: Place = ("workloads", index)
        yield from _port_problems(workload, place)
        if workload.public is None:
            continue
        route = (workload.public.host, workload.public.path)
        if route in routes:
            yield Problem(
                (*place, "public", "path"),
                f"`{workload.public.path}` is claimed by workload `{routes[route]}`; "
                "write another `path` or `host`",
            )
        routes.setdefault(route, workload.name)
        priority = workload.public.priority
        if priority is not None and priority in priorities:
            yield Problem(
                (*place, "public", "priority"),
                f"{priority} is taken by workload `{priorities[priority]}`; write another, or leave it out",
            )
        if priority is not None:
            priorities.setdefault(priority, workload.name)
    yield from _listener_problems(request)


def _port_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    if workload.public is not None and not workload.ports:
        yield Problem(
            (*place, "public"), "needs a port to expose; write for instance `ports: [{port: 8080}]`"
        )
    elif workload.public is not None and workload.ports[0].protocol not in BALANCED_PROTOCOLS:
        yield Problem(
            (*place, "ports", 0, "protocol"),
            f"the load balancer cannot carry {workload.ports[0].protocol}; put a port of http, http2 or "
            f"grpc first",
        )
    wants_requests = workload.scaling is not None and workload.scaling.requests_per_target is not None
    if workload.public is None and wants_requests:
        yield Problem(
            (*place, "scaling", "requests_per_target"),
            "only the load balancer counts requests; write `public: {}`, or scale by `cpu_percent`",
        )


def _listener_problems(request: SharedShape) -> Iterator[Problem]:
    has_certificate = any(w.public.certificate_arn for w in request.workloads if w.public)
    for index, workload in enumerate(request.workloads):
        if workload.public is None or not workload.ports:
            continue
        place: Place = ("workloads", index)
        protocol = workload.ports[0].protocol
        if protocol in {Protocol.GRPC, Protocol.HTTP2} and not has_certificate:
            yield Problem(
                (*place, "public", "certificate_arn"),
                f"{protocol} goes through the load balancer by HTTPS alone; write the ARN of an ACM "
                f"certificate",
            )
        if workload.public.test_port in (80, 443):
            yield Problem(
                (*place, "public", "test_port"),
                f"{workload.public.test_port} is the load balancer's own; write another such as 8443",
            )
