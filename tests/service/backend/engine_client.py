"""An engine's side of the protocol, small enough to see what it sends."""

import gzip
import json
from dataclasses import dataclass, field
from typing import Self

import httpx
from sqlalchemy import update

from service.backend.use_cases import ensure_stack, issue_stack_token
from service.core.ids import EnvironmentId, OperationId, new_environment_id, new_operation_id
from service.core.unit_of_work import UnitOfWorkFactory
from service.environments.tables import EnvironmentRow
from service.operations.model import Epoch
from service.operations.tables import OperationRow
from service.state.json_values import JsonObject

STACK = "urn:pulumi:dev::environments::pulumi:pulumi:Stack::environments-dev"
SECRET = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    "ciphertext": "AQAAAAE=",
}


def thing_urn(name: str) -> str:
    return f"urn:pulumi:dev::environments::test:index:Thing::{name}"


def thing(name: str, **rest: object) -> dict[str, object]:
    return {
        "urn": thing_urn(name),
        "custom": True,
        "id": f"id-{name}",
        "type": "test:index:Thing",
        "parent": STACK,
        **rest,
    }


def root(**outputs: object) -> dict[str, object]:
    return {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": outputs}


def deployment(*resources: object, **rest: object) -> dict[str, object]:
    manifest = {"time": "2026-11-23T00:00:00Z", "magic": "", "version": ""}
    return {"manifest": manifest, "resources": list(resources), **rest}


def made(sequence: int, operation: int, state: object) -> dict[str, object]:
    return {"version": 1, "kind": 1, "sequenceID": sequence, "operationID": operation, "state": state}


def begun(sequence: int, operation: int, state: object, kind: str = "creating") -> dict[str, object]:
    return {
        "version": 1,
        "kind": 0,
        "sequenceID": sequence,
        "operationID": operation,
        "operation": {"type": kind, "resource": state},
    }


@dataclass(slots=True)
class EngineClient:
    """Sends what an engine or the CLI sends."""

    http: httpx.AsyncClient
    token: str
    stack: str
    lease: str = ""
    update_id: str = ""

    async def send(
        self, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        content = None if body is None else json.dumps(body).encode()
        authorization = {"Authorization": f"token {self.token}"}
        return await self.http.request(
            method, path, content=content, headers={**authorization, **(headers or {})}
        )

    async def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Send about the stack."""
        return await self.send(method, f"/stacks/{self.stack}{path}", body)

    async def init(self) -> None:
        team, project, name = self.stack.split("/")
        answer = await self.send("POST", f"/stacks/{team}/{project}", {"stackName": name})
        assert answer.status_code == 200, answer.text

    async def start(self, kind: str = "update", *, journal: int = 1, dry_run: bool = False) -> httpx.Response:
        created = await self.ask("POST", f"/{kind}", {"options": {"dryRun": dry_run}, "metadata": {}})
        assert created.status_code == 200, created.text
        self.update_id = created.json()["updateID"]
        started = await self.ask("POST", f"/update/{self.update_id}", {"journalVersion": journal})
        if started.status_code == 200:
            self.lease = started.json()["token"]
        return started

    async def write(self, method: str, path: str, body: object, *, compress: bool = True) -> httpx.Response:
        """Send under the lease, compressed as the CLI does."""
        content = json.dumps(body).encode()
        headers = {"Authorization": f"update-token {self.lease}"}
        if compress:
            content = gzip.compress(content)
            headers["Content-Encoding"] = "gzip"
        url = f"/stacks/{self.stack}/update/{self.update_id}{path}"
        return await self.http.request(method, url, content=content, headers=headers)

    async def journal(self, *entries: object) -> httpx.Response:
        return await self.write("PATCH", "/journalentries", {"entries": list(entries)})

    async def complete(self, status: str = "succeeded") -> httpx.Response:
        return await self.write("POST", "/complete", {"status": status}, compress=False)

    async def exported(self, version: int | None = None) -> JsonObject:
        answer = await self.ask("GET", "/export" + ("" if version is None else f"/{version}"))
        assert answer.status_code == 200, answer.text
        return answer.json()["deployment"]

    async def urns(self) -> list[str]:
        """Return the URNs of the newest state."""
        found = (await self.exported()).get("resources", [])
        assert isinstance(found, list)
        return [str(resource["urn"]) for resource in found if isinstance(resource, dict)]


@dataclass(slots=True)
class Scene:
    """An environment with a running operation and the engine that runs it."""

    uow_factory: UnitOfWorkFactory
    engine: EngineClient
    environment_id: EnvironmentId
    operation_id: OperationId
    epoch: Epoch = field(default=Epoch(1))

    @classmethod
    async def begin(cls, http: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, name: str = "dev") -> Self:
        environment_id, operation_id = new_environment_id(), new_operation_id()
        async with uow_factory() as uow:
            uow.session.add(environment_row(environment_id, name))
            await uow.session.flush()
            uow.session.add(operation_row(operation_id, environment_id))
            await uow.session.flush()
            stack = await ensure_stack(uow, environment_id=environment_id, team="shop", name=name)
            token = await issue_stack_token(
                uow, stack=stack, operation_id=operation_id, epoch=Epoch(1), lifetime_seconds=600
            )
            await uow.commit()
        return cls(uow_factory, EngineClient(http, token, str(stack.address)), environment_id, operation_id)

    async def change_operation(self, **values: object) -> None:
        """Let the operation move on, as its worker or another would."""
        async with self.uow_factory() as uow:
            await uow.session.execute(
                update(OperationRow).where(OperationRow.id == self.operation_id).values(**values)
            )
            await uow.commit()


def environment_row(environment_id: EnvironmentId, name: str) -> EnvironmentRow:
    return EnvironmentRow(
        id=environment_id,
        team="shop",
        name=name,
        orchestrator="ecs",
        environment_class="standard",
        account="default",
        region="us-east-1",
        request={},
        status="deploying",
        is_protected=False,
        created_by="tests",
    )


def operation_row(operation_id: OperationId, environment_id: EnvironmentId) -> OperationRow:
    return OperationRow(
        id=operation_id,
        environment_id=environment_id,
        kind="deploy",
        state="running",
        blueprint="ecs",
        blueprint_version="1",
        request={},
        created_by="tests",
        epoch=1,
    )
