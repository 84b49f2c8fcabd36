"""The Pulumi CLI's HTTP API; `service/main.py` serves it under `/api`."""

from fastapi import APIRouter

from service.backend.routes import history, secrets, service, stacks, unserved, updates, writes

router = APIRouter()
for part in (service, stacks, secrets, history, writes, updates, unserved):
    router.include_router(part.router)
