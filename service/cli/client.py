"""Calls Berth's API as any other client would: over HTTP, with idempotency keys, resuming event streams."""

from collections.abc import Iterator
from typing import Self, TypeVar
from uuid import uuid4

import httpx
from httpx_sse import connect_sse
from pydantic import BaseModel, JsonValue, ValidationError

from service.cli.answers import (
    AcceptedAnswer,
    DriftReportAnswer,
    EnvironmentAnswer,
    EnvironmentDriftAnswer,
    EventAnswer,
    ExemptionAnswer,
    GuardrailAnswer,
    OperationAnswer,
    OutputAnswer,
    PlanAnswer,
    ProblemAnswer,
    ResourceAnswer,
    ScheduledActionAnswer,
    ScheduledActionsAnswer,
    TokenAnswer,
)
from service.cli.cost_answers import (
    ComparisonAnswer,
    CostAnswer,
    EnvironmentCostAnswer,
    FleetCostAnswer,
    RecommendationAnswer,
)
from service.cli.errors import CommandError
from service.cli.exit_codes import ExitCode

AnswerT = TypeVar("AnswerT", bound=BaseModel)
PAGE_SIZE = 200
STREAM_SILENCE_SECONDS = 60  # the server sends a comment at least every 15 s


class BerthClient:
    """A connection to one Berth; every method raises CommandError where the server refuses or is away."""

    def __init__(self, base_url: str, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._base_url = base_url
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=httpx.Timeout(30))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def create_environment(self, document: JsonValue, *, operation: str = "deploy") -> AcceptedAnswer:
        """Submit a request document; `operation` is `deploy` or `preview`."""
        answer = self._post("/v1/environments", document, query={"operation": operation})
        return AcceptedAnswer.model_validate(answer)

    def change_environment(
        self, environment: EnvironmentAnswer, patch: JsonValue, *, operation: str = "deploy"
    ) -> AcceptedAnswer:
        """Change the request of an environment by a JSON merge patch, and preview or deploy the outcome."""
        answer = self._send(
            "PATCH",
            f"/v1/environments/{environment.id}",
            params={"operation": operation},
            json=patch,
            headers={"If-Match": f'"{environment.revision}"', "Content-Type": "application/merge-patch+json"},
        )
        return AcceptedAnswer.model_validate(answer.json())

    def start_operation(
        self, environment_id: str, kind: str, options: dict[str, JsonValue] | None = None
    ) -> AcceptedAnswer:
        """Ask for an operation on an environment; `options` are further members of the body."""
        body: JsonValue = {"kind": kind, **(options or {})}
        return AcceptedAnswer.model_validate(
            self._post(f"/v1/environments/{environment_id}/operations", body)
        )

    def import_state(self, environment_id: str, document: JsonValue) -> AcceptedAnswer:
        """Put a state that was exported elsewhere in place of an environment's."""
        return AcceptedAnswer.model_validate(
            self._post(f"/v1/environments/{environment_id}/imports", document)
        )

    def list_drift_reports(self, environment_id: str) -> Iterator[DriftReportAnswer]:
        """Read what drift detections found on an environment, newest first."""
        return self._pages(f"/v1/environments/{environment_id}/drift", DriftReportAnswer, {})

    def list_fleet_drift(self, **filters: str) -> Iterator[EnvironmentDriftAnswer]:
        """Read the newest drift report of every environment that has one."""
        return self._pages("/v1/drift", EnvironmentDriftAnswer, filters)

    def turn_environment(self, environment_id: str, verb: str) -> AcceptedAnswer:
        """Ask for an environment to `pause` or to `resume`."""
        return AcceptedAnswer.model_validate(self._post(f"/v1/environments/{environment_id}/{verb}", None))

    def extend_environment(self, environment_id: str, ttl: str) -> EnvironmentAnswer:
        """Let an environment live for longer from now on."""
        answer = self._post(f"/v1/environments/{environment_id}/extend", {"ttl": ttl})
        return EnvironmentAnswer.model_validate(answer)

    def list_scheduled_actions(self, environment_id: str) -> list[ScheduledActionAnswer]:
        """Read what is due for an environment."""
        return list(
            self._pages(f"/v1/environments/{environment_id}/scheduled-actions", ScheduledActionAnswer, {})
        )

    def delay_action(self, environment_id: str, action_id: str, until: str) -> list[ScheduledActionAnswer]:
        """Put a scheduled action off; return what is due then."""
        path = f"/v1/environments/{environment_id}/scheduled-actions/{action_id}/delay"
        return ScheduledActionsAnswer.model_validate(self._post(path, {"until": until})).items

    def skip_action(self, environment_id: str, action_id: str) -> list[ScheduledActionAnswer]:
        """Leave a scheduled action out this once; return what is due then."""
        path = f"/v1/environments/{environment_id}/scheduled-actions/{action_id}/skip"
        return ScheduledActionsAnswer.model_validate(self._post(path, None)).items

    def destroy_environment(self, environment_id: str) -> AcceptedAnswer:
        """Ask for an environment's resources to be removed."""
        return AcceptedAnswer.model_validate(
            self._send("DELETE", f"/v1/environments/{environment_id}").json()
        )

    def get_operation(self, operation_id: str) -> OperationAnswer:
        """Read an operation."""
        return OperationAnswer.model_validate(self._send("GET", f"/v1/operations/{operation_id}").json())

    def get_plan(self, operation_id: str) -> PlanAnswer:
        """Read the plan that an operation is held to."""
        return PlanAnswer.model_validate(self._send("GET", f"/v1/operations/{operation_id}/plan").json())

    def approve_operation(self, operation_id: str, digest: str) -> AcceptedAnswer:
        """Agree to the plan of an operation."""
        body: JsonValue = {"digest": digest}
        return AcceptedAnswer.model_validate(self._post(f"/v1/operations/{operation_id}/approve", body))

    def list_guardrails(self) -> list[GuardrailAnswer]:
        """Read the rules that plans are held to."""
        items = self._send("GET", "/v1/guardrails").json()["items"]
        return [GuardrailAnswer.model_validate(item) for item in items]

    def grant_exemption(self, wish: dict[str, JsonValue]) -> ExemptionAnswer:
        """Exempt a team or an environment from a guardrail."""
        return ExemptionAnswer.model_validate(self._post("/v1/guardrails/exemptions", dict(wish)))

    def list_exemptions(self, **filters: str) -> Iterator[ExemptionAnswer]:
        """Read the exemptions from guardrails."""
        return self._pages("/v1/guardrails/exemptions", ExemptionAnswer, filters)

    def revoke_exemption(self, exemption_id: str) -> ExemptionAnswer:
        """End an exemption."""
        path = f"/v1/guardrails/exemptions/{exemption_id}/revoke"
        return ExemptionAnswer.model_validate(self._post(path, None))

    def get_operation_cost(self, operation_id: str) -> CostAnswer:
        """Read what an operation does to the cost."""
        return CostAnswer.model_validate(self._send("GET", f"/v1/operations/{operation_id}/cost").json())

    def get_environment_cost(self, environment_id: str) -> EnvironmentCostAnswer:
        """Read what an environment costs."""
        answer = self._send("GET", f"/v1/environments/{environment_id}/cost")
        return EnvironmentCostAnswer.model_validate(answer.json())

    def get_costs(self, group_by: str) -> FleetCostAnswer:
        """Read what all environments cost."""
        answer = self._send("GET", "/v1/costs", params={"group_by": group_by})
        return FleetCostAnswer.model_validate(answer.json())

    def create_comparison(self, wanted: JsonValue) -> ComparisonAnswer:
        """Ask for a comparison."""
        return ComparisonAnswer.model_validate(self._post("/v1/comparisons", wanted))

    def read_comparison(self, comparison_id: str) -> JsonValue:
        """Read a comparison as the API answers it."""
        answer: JsonValue = self._send("GET", f"/v1/comparisons/{comparison_id}").json()
        return answer

    def recommend(self, wanted: JsonValue) -> RecommendationAnswer:
        """Ask for a recommendation."""
        return RecommendationAnswer.model_validate(self._post("/v1/recommendations", wanted))

    def find_environment(self, reference: str) -> EnvironmentAnswer:
        """Find an environment by its id or as `team/name`."""
        found = self.try_find_environment(reference)
        if found is None:
            raise CommandError(
                f"there is no environment {reference!r}",
                hint="`berth env list` shows what there is; name it as team/name or by its id",
                exit_code=ExitCode.REFUSED,
            )
        return found

    def try_find_environment(self, reference: str) -> EnvironmentAnswer | None:
        """Find a living environment by its id or as `team/name`; None where there is none."""
        if "/" not in reference:
            return EnvironmentAnswer.model_validate(self._send("GET", f"/v1/environments/{reference}").json())
        team, name = reference.split("/", 1)
        return next(self.list_environments(team=team, name=name), None)

    def list_environments(self, **filters: str) -> Iterator[EnvironmentAnswer]:
        """Read all environments, page by page."""
        return self._pages("/v1/environments", EnvironmentAnswer, filters)

    def list_resources(self, environment_id: str) -> Iterator[ResourceAnswer]:
        """Read the resources of an environment's recorded state."""
        return self._pages(f"/v1/environments/{environment_id}/resources", ResourceAnswer, {})

    def list_outputs(self, environment_id: str) -> Iterator[OutputAnswer]:
        """Read an environment's outputs."""
        return self._pages(f"/v1/environments/{environment_id}/outputs", OutputAnswer, {})

    def create_token(self, wish: JsonValue) -> TokenAnswer:
        """Make a token; the answer holds its text."""
        return TokenAnswer.model_validate(self._post("/v1/tokens", wish))

    def list_tokens(self, **filters: str) -> Iterator[TokenAnswer]:
        """Read the tokens that one may see."""
        return self._pages("/v1/tokens", TokenAnswer, filters)

    def revoke_token(self, token_id: str) -> TokenAnswer:
        """Make a token worthless."""
        return TokenAnswer.model_validate(self._post(f"/v1/tokens/{token_id}/revoke", None))

    def follow_events(self, operation_id: str, after: int = 0) -> Iterator[EventAnswer]:
        """Yield an operation's events after row `after` to its end, reconnecting where cut off."""
        last_id = after
        while True:
            try:
                for event in self._stream(operation_id, last_id):
                    if event is None:
                        return
                    last_id = event.id
                    yield event
            except (httpx.RemoteProtocolError, httpx.ReadTimeout, httpx.ReadError):
                if self.get_operation(operation_id).state.is_terminal and not self._has_more(
                    operation_id, last_id
                ):
                    return

    def _has_more(self, operation_id: str, after: int) -> bool:
        answer = self._send("GET", f"/v1/operations/{operation_id}/events", params={"after": str(after)})
        return bool(answer.json()["items"])

    def _stream(self, operation_id: str, after: int) -> Iterator[EventAnswer | None]:
        """Yield events of one connection, and None at the stream's `done` event."""
        headers = {"Last-Event-ID": str(after)} if after else {}
        timeout = httpx.Timeout(30, read=STREAM_SILENCE_SECONDS)
        path = f"/v1/operations/{operation_id}/events"
        with connect_sse(self._http, "GET", path, headers=headers, timeout=timeout) as source:
            if source.response.is_error:
                source.response.read()
                raise _refusal(source.response)
            for event in source.iter_sse():
                if event.event == "done":
                    yield None
                    return
                if event.data:  # an event without data only sets the stream's retry time
                    yield EventAnswer.model_validate_json(event.data)

    def _pages(self, path: str, model: type[AnswerT], filters: dict[str, str]) -> Iterator[AnswerT]:
        query = {**filters, "page_size": str(PAGE_SIZE)}
        while True:
            page = self._send("GET", path, params=query).json()
            for item in page["items"]:
                yield model.model_validate(item)
            token = page.get("next_page_token")
            if not token:
                return
            query["page_token"] = token

    def _post(self, path: str, body: JsonValue, query: dict[str, str] | None = None) -> JsonValue:
        headers = {"Idempotency-Key": str(uuid4())}
        answer: JsonValue = self._send("POST", path, json=body, headers=headers, params=query).json()
        return answer

    def _send(
        self,
        method: str,
        path: str,
        *,
        json: JsonValue = None,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx.Response:
        try:
            response = self._http.request(method, path, json=json, headers=headers, params=params)
        except httpx.TransportError as error:
            raise CommandError(
                f"no Berth answers at {self._base_url}: {error}",
                hint="start one with `berth up`, or name another with --url or BERTH_URL",
                exit_code=ExitCode.UNREACHABLE,
            ) from error
        if response.is_error:
            raise _refusal(response)
        return response


def _refusal(response: httpx.Response) -> CommandError:
    try:
        problem = ProblemAnswer.model_validate_json(response.content)
    except ValidationError:
        problem = ProblemAnswer(detail=f"the server answered {response.status_code}")
    places = "".join(f"\n  {error.pointer or '/'}: {error.message}" for error in problem.errors)
    return CommandError(
        f"{problem.title}: {problem.detail}{places}", hint=problem.hint, exit_code=ExitCode.REFUSED
    )
