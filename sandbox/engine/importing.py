"""Takes resources that stand in the cloud into the state, without a program."""

import os
from collections.abc import Mapping, Sequence

from sandbox.engine import urn as urns
from sandbox.engine.errors import AlreadyReportedError, EngineError
from sandbox.engine.execution.executor import Executor
from sandbox.engine.monitor.default_providers import DefaultProviders, ProviderRequest
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.imports import Import
from sandbox.engine.steps.model import Goal, Op, Registered, Step
from sandbox.engine.steps.run import Run
from sandbox.engine.workspace.config import ConfigEntry

_SEED_BYTES = 32


class Importer:
    """Imports into one run."""

    def __init__(self, run: Run, executor: Executor, config: Mapping[str, ConfigEntry]) -> None:
        """Take the run and the configuration of its default providers."""
        self._run, self._executor = run, executor
        self._defaults = DefaultProviders(config, self._provider)

    async def import_all(self, wanted: Sequence[Import]) -> None:
        """Keep what is recorded, and add what is wanted.

        Raises:
            EngineError: if anything cannot be imported; what was imported before stays.
        """
        for recorded in self._run.olds.resources:
            if not recorded.delete:
                await self._carry_out([Step(Op.SAME, recorded, recorded.copy())])
        stack, is_new = await self._stack()
        steps: list[Step] = []
        for item in wanted:
            step = await self._step(item, stack)
            if step is not None:
                steps.append(step)
        await self._import_in_order(steps)
        if is_new:
            await self._executor.register_outputs(stack, {})

    async def _carry_out(self, steps: list[Step]) -> None:
        if not await self._executor.execute(steps):
            raise AlreadyReportedError("import failed")

    async def _stack(self) -> tuple[str, bool]:
        for recorded in self._run.olds.resources:
            if recorded.type == urns.ROOT_STACK_TYPE and not recorded.parent:
                return recorded.urn, False
        name = f"{self._run.project}-{self._run.stack}"
        urn = urns.make(self._run.stack, self._run.project, "", urns.ROOT_STACK_TYPE, name)
        state = ResourceState(type=urns.ROOT_STACK_TYPE, urn=urn, custom=False)
        await self._carry_out([Step(Op.CREATE, None, state)])
        return urn, True

    async def _provider(self, goal: Goal) -> Registered:
        urn = urns.make(self._run.stack, self._run.project, "", goal.type, goal.name)
        recorded = self._run.olds.by_urn.get(urn)
        if recorded is not None:
            return Registered(recorded)
        checked = await self._run.registry.check(
            urn, {}, goal.properties, allow_unknowns=self._run.options.is_preview, random_seed=b""
        )
        if checked.failures:
            reasons = "; ".join(failure.reason for failure in checked.failures)
            raise EngineError(f"failed to validate provider config: {reasons}")
        state = ResourceState(type=goal.type, urn=urn, custom=True, inputs=checked.inputs)
        await self._carry_out([Step(Op.CREATE, None, state)])
        return Registered(state)

    async def _reference(self, item: Import) -> str:
        if item.is_component and not item.is_remote:
            return ""
        if not item.provider:
            package = urns.package_of(item.type)
            return await self._defaults.reference(ProviderRequest(package, item.version, item.download_url))
        recorded = self._run.olds.by_urn.get(item.provider)
        if recorded is None:
            raise EngineError(f"provider {item.provider} of resource '{item.name}' is not in the stack")
        return urns.join_reference(recorded.urn, recorded.id)

    async def _step(self, item: Import, stack: str) -> Step | None:
        parent = item.parent or stack
        urn = urns.make(self._run.stack, self._run.project, parent, item.type, item.name)
        if urn in self._run.done.imports:
            raise EngineError(f"duplicate import '{item.name}' of type '{item.type}'")
        self._run.done.imports.add(urn)
        recorded = self._run.olds.by_urn.get(urn)
        if recorded is not None and (recorded.import_id or recorded.id) == item.id:
            return None
        new = ResourceState(
            type=item.type,
            urn=urn,
            custom=not item.is_component,
            parent=parent,
            provider=await self._reference(item),
            import_id=item.id,
            protect=item.protect,
        )
        return Step(
            Op.IMPORT,
            None,
            new,
            is_planned=True,
            properties_wanted=item.properties,
            random_seed=os.urandom(_SEED_BYTES),
        )

    async def _import_in_order(self, steps: list[Step]) -> None:
        """Import parents before their children, and the rest side by side."""
        left = {step.urn: step for step in steps}
        while left:
            ready = [step for step in left.values() if step.result.parent not in left]
            for step in ready:
                del left[step.urn]
            await self._executor.execute_together(ready)
            if self._executor.has_failed:
                raise AlreadyReportedError("import failed")
