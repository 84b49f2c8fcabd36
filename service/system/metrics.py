"""What Prometheus reads: requests by route, followers of events, operations by state."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Metrics:
    """The metrics of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "berth_http_requests", "Answers by route", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "berth_http_request_seconds", "Time to an answer", ("method", "route"), registry=self.registry
        )
        self.followers = Gauge(
            "berth_event_followers", "Streams and waits that follow an operation", registry=self.registry
        )
        self.operations = Gauge(
            "berth_operations", "Operations that run or wait", ("state",), registry=self.registry
        )


class MetricsMiddleware:
    """Counts and times every answer under its route's template, so that ids do not multiply the series."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        begun = time.perf_counter()
        try:
            await self.app(scope, receive, send_and_note)
        finally:
            method, route = str(scope["method"]), str(getattr(scope.get("route"), "path", "unmatched"))
            self.metrics.requests.labels(method, route, str(status)).inc()
            self.metrics.seconds.labels(method, route).observe(time.perf_counter() - begun)
