"""Stacks kept by a service that speaks the Pulumi HTTP API."""

from collections.abc import Mapping
from functools import cached_property

from sandbox.engine.backends.http_client import HttpClient, HttpError
from sandbox.engine.backends.http_update import HttpUpdate, start_update
from sandbox.engine.backends.protocol import StackListing, StackName, UpdateRequest, User
from sandbox.engine.errors import EngineError, StackAlreadyExistsError
from sandbox.engine.secrets.manager import SecretsManager
from sandbox.engine.secrets.service import ServiceManager
from sandbox.engine.state.deployment import UntypedDeployment, read_secrets_provider
from sandbox.engine.state.json_values import JsonObject, child, number, objects, text
from sandbox.engine.workspace.project import StackFile

_NOT_FOUND = 404
_CONFLICT = 409


class HttpBackend:
    """A service, with its own encryption of secrets."""

    def __init__(self, url: str, token: str) -> None:
        """Take the address and the access token; nothing is asked yet."""
        self.url = url
        self._client = HttpClient(url, token)

    @cached_property
    def _user(self) -> User:
        answer = self._client.get("/api/user")
        organizations = [text(item, "githubLogin") for item in objects(answer, "organizations")]
        return User(text(answer, "githubLogin"), organizations)

    def user(self) -> User:
        """Whose token it is."""
        return self._user

    @cached_property
    def _default_organization(self) -> str:
        try:
            named = text(self._client.get("/api/user/organizations/default"), "GitHubLogin")
        except HttpError as error:
            if error.code != _NOT_FOUND:
                raise
            named = ""
        return named or self._user.name

    def parse_name(self, name: str, project: str) -> StackName:
        """The stack that a name means; a bare name belongs to the default organization."""
        match name.split("/"):
            case [organization, project_name, stack]:
                return StackName(organization, project_name, stack)
            case [organization, stack]:
                return StackName(organization, project, stack)
            case [stack]:
                return StackName(self._default_organization, project, stack)
            case _:
                raise EngineError(f"could not parse stack name '{name}'")

    def show_name(self, name: StackName, project: str) -> str:
        """The name without what goes without saying."""
        if name.project != project:
            return name.qualified
        if name.organization == self._default_organization:
            return name.stack
        return f"{name.organization}/{name.stack}"

    def exists(self, name: StackName) -> bool:
        """Whether there is such a stack."""
        return self._stack(name) is not None

    def _stack(self, name: StackName) -> JsonObject | None:
        try:
            return self._client.get(_path(name))
        except HttpError as error:
            if error.code == _NOT_FOUND:
                return None
            raise

    def create(self, name: StackName) -> None:
        """Make an empty stack."""
        tags: JsonObject = {"pulumi:project": name.project}
        try:
            self._client.post_once(
                f"/api/stacks/{name.organization}/{name.project}", {"stackName": name.stack, "tags": tags}
            )
        except HttpError as error:
            if error.code == _CONFLICT:
                raise StackAlreadyExistsError(name.qualified) from error
            raise

    def remove(self, name: StackName, *, force: bool) -> None:
        """Remove a stack and its history."""
        self._client.send("DELETE", f"{_path(name)}?force={str(force).lower()}")

    def rename(self, name: StackName, new_name: StackName) -> None:
        """Give a stack another name."""
        body = {"newName": new_name.stack, "newProject": new_name.project}
        self._client.post_once(f"{_path(name)}/rename", body)

    def list_stacks(self, project: str | None) -> list[StackListing]:
        """Stacks of a project, or all that the user may see."""
        listed: list[StackListing] = []
        token = ""
        while True:
            query = "&".join(
                [
                    *([f"project={project}"] if project else []),
                    *([f"continuationToken={token}"] if token else []),
                ]
            )
            answer = self._client.get(f"/api/user/stacks{'?' if query else ''}{query}")
            listed.extend(self._listing(item, project or "") for item in objects(answer, "stacks"))
            token = text(answer, "continuationToken")
            if not token:
                return listed

    def _listing(self, item: JsonObject, project: str) -> StackListing:
        name = StackName(text(item, "orgName"), text(item, "projectName"), text(item, "stackName"))
        seconds = int(number(item, "lastUpdate"))
        count = int(number(item, "resourceCount")) if "resourceCount" in item else None
        return StackListing(
            self.show_name(name, project), str(seconds) if seconds else "", resource_count=count
        )

    def export(self, name: StackName) -> UntypedDeployment:
        """The recorded state."""
        return UntypedDeployment.from_json(self._client.get(f"{_path(name)}/export"))

    def replace_state(self, name: StackName, deployment: UntypedDeployment) -> None:
        """Record another state."""
        self._client.post_once(f"{_path(name)}/import", deployment.to_json(), compress=True)

    def history(self, name: StackName, page_size: int, page: int) -> list[JsonObject]:
        """Past updates, newest first."""
        query = f"?pageSize={page_size}&page={max(page, 1)}" if page_size > 0 else ""
        return objects(self._client.get(f"{_path(name)}/updates{query}"), "updates")

    def tags(self, name: StackName) -> dict[str, str]:
        """The stack's tags."""
        tags = child(self._stack(name) or {}, "tags")
        return {key: text(tags, key) for key in tags}

    def set_tags(self, name: StackName, tags: Mapping[str, str]) -> None:
        """Replace the stack's tags."""
        self._client.send("PATCH", f"{_path(name)}/tags", dict(tags))

    def cancel(self, name: StackName) -> None:
        """End the running update.

        Raises:
            EngineError: if none is running.
        """
        update = text(self._stack(name) or {}, "activeUpdate")
        if not update:
            raise EngineError(f"stack {name.qualified} has never been updated")
        self._client.send("POST", f"{_path(name)}/update/{update}/cancel")

    def secrets_manager(self, name: StackName, settings: StackFile) -> SecretsManager:
        """The service itself."""
        del settings
        return ServiceManager(self._client, self.url, name.organization, name.project, name.stack)

    def manager_for(self, name: StackName, deployment: JsonObject) -> SecretsManager | None:
        """The service, for the stack that a deployment's secrets were encrypted for."""
        provider = read_secrets_provider(deployment)
        if provider is None:
            return None
        if provider.type != "service":
            raise EngineError(f"no known secrets provider for type {provider.type!r}")
        owner = text(provider.state, "owner") or name.organization
        project, stack = (
            text(provider.state, "project") or name.project,
            text(provider.state, "stack") or name.stack,
        )
        return ServiceManager(self._client, self.url, owner, project, stack)

    def begin(self, name: StackName, request: UpdateRequest, base: JsonObject) -> HttpUpdate:
        """Ask the service to start an update."""
        return start_update(self._client, _path(name), request, self.tags(name), base)


def _path(name: StackName) -> str:
    return f"/api/stacks/{name.organization}/{name.project}/{name.stack}"
