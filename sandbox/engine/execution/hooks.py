"""Resource hooks: functions of the program that run around steps."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypedDict, TypeVar, Unpack, cast

from sandbox.engine.errors import EngineError
from sandbox.engine.monitor.callbacks import Callbacks
from sandbox.engine.properties.protobuf import EVERYTHING, to_struct
from sandbox.engine.properties.values import Properties
from sandbox.engine.rpc import callback_pb2, resource_pb2
from sandbox.engine.state.resource import HookKind, ResourceState
from sandbox.engine.steps.diagnostics import Diagnostics

_Result = TypeVar("_Result")
# As the official engine stops (deploy/step.go: maxErrorHookRetries).
_MAX_ATTEMPTS = 100


class Values(TypedDict, total=False):
    """What a hook is shown."""

    new_inputs: Properties
    old_inputs: Properties
    new_outputs: Properties
    old_outputs: Properties


@dataclass(frozen=True, slots=True)
class Hook:
    """A function that the program registered."""

    callback: callback_pb2.Callback
    runs_in_preview: bool = False
    ignores_errors: bool = False


@dataclass(slots=True)
class HookRunner:
    """Calls the hooks of resources by name."""

    callbacks: Callbacks
    diagnostics: Diagnostics
    is_preview: bool
    hooks: dict[str, Hook] = field(default_factory=dict[str, Hook])
    error_hooks: dict[str, Hook] = field(default_factory=dict[str, Hook])
    # Failures of hooks that ran after their step: the step stands, the run fails.
    late_failures: list[EngineError] = field(default_factory=list[EngineError])

    async def run(self, kind: HookKind, state: ResourceState, **values: Unpack[Values]) -> None:
        """Call a resource's hooks of a kind.

        Raises:
            EngineError: if one fails.
        """
        for name in state.hooks.get(kind, ()):
            hook = self.hooks.get(name)
            if hook is None:
                raise EngineError(f'hook "{name}" was not registered')
            if self.is_preview and not hook.runs_in_preview:
                continue
            failure = await self._call(hook, state, values)
            if failure and hook.ignores_errors:
                self.diagnostics.warning(f'{kind} hook "{name}" failed: {failure}', state.urn)
            elif failure:
                when = "before" if kind.value.startswith("Before") else "after"
                raise EngineError(f'{when} hook "{name}" failed: {failure}')

    async def _call(self, hook: Hook, state: ResourceState, values: Values) -> str:
        request = resource_pb2.ResourceHookRequest(
            urn=state.urn, id=state.id, name=state.name, type=state.type
        )
        for key, properties in _shown(values):
            getattr(request, key).CopyFrom(to_struct(properties, EVERYTHING))
        try:
            answer = await self.callbacks.invoke(hook.callback, request.SerializeToString())
        except EngineError as error:
            return str(error)
        return resource_pb2.ResourceHookResponse.FromString(answer).error

    async def run_after(self, kind: HookKind, state: ResourceState, **values: Unpack[Values]) -> None:
        """Call the hooks after a step; a failure fails the run and not the step."""
        try:
            await self.run(kind, state, **values)
        except EngineError as error:
            self.diagnostics.error(str(error), state.urn)
            self.late_failures.append(error)

    async def retry(
        self,
        operation: str,
        state: ResourceState,
        attempt: Callable[[], Awaitable[_Result]],
        **values: Unpack[Values],
    ) -> _Result:
        """Attempt an operation, again for as long as an error hook asks for it.

        Raises:
            EngineError: what the last attempt ended with.
        """
        failures: list[str] = []
        while True:
            try:
                return await attempt()
            except EngineError as error:
                names = state.hooks.get(HookKind.ON_ERROR, ())
                failures.insert(0, str(error))
                if not names or not await self._wants_retry(names, operation, state, failures, values):
                    raise
                if len(failures) >= _MAX_ATTEMPTS:
                    self.diagnostics.warning(
                        f"maximum number of error hook retries ({_MAX_ATTEMPTS}) reached", state.urn
                    )
                    raise
                self.diagnostics.warning(
                    f"retrying {operation} due to on-error hook request ({len(failures)}/{_MAX_ATTEMPTS})",
                    state.urn,
                )

    async def _wants_retry(
        self, names: Sequence[str], operation: str, state: ResourceState, failures: list[str], values: Values
    ) -> bool:
        wants = False
        for name in names:
            hook = self.error_hooks.get(name)
            if hook is None:
                raise EngineError(f'error hooks execution failed: error hook "{name}" was not registered')
            request = resource_pb2.ErrorHookRequest(
                urn=state.urn,
                id=state.id,
                name=state.name,
                type=state.type,
                failed_operation=operation,
                errors=failures,
            )
            for key, properties in _shown(values):
                if key != "new_outputs":
                    getattr(request, key).CopyFrom(to_struct(properties, EVERYTHING))
            answer = resource_pb2.ErrorHookResponse.FromString(
                await self.callbacks.invoke(hook.callback, request.SerializeToString())
            )
            if answer.error:
                raise EngineError(f'error hooks execution failed: error hook "{name}" failed: {answer.error}')
            wants = wants or answer.retry
        return wants


def _shown(values: Values) -> list[tuple[str, Properties]]:
    return cast("list[tuple[str, Properties]]", list(values.items()))
