"""The Pulumi CLI's HTTP API; `service/main.py` serves it."""

from service.backend.routes import history, secrets, service, stacks, unserved, updates, writes

ROUTERS = tuple(part.router for part in (service, stacks, secrets, history, writes, updates, unserved))
