"""Replacements: what goes first, and what goes with it."""

from sandbox.engine import urn as urns
from sandbox.engine.errors import AlreadyReportedError, EngineError
from sandbox.engine.properties.values import UNKNOWN, Properties
from sandbox.engine.providers.model import DiffResult, Identity, Provider
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps import diagnostics as words
from sandbox.engine.steps.checking import Checker
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.differences import compare_inputs, with_replacements
from sandbox.engine.steps.model import Op, Registration, Step
from sandbox.engine.steps.providers import ProviderFinder
from sandbox.engine.steps.run import Run


class Replacer:
    """Makes the steps of replacements."""

    def __init__(
        self, run: Run, diagnostics: Diagnostics, providers: ProviderFinder, checker: Checker
    ) -> None:
        """Take the run."""
        self._run = run
        self._diagnostics = diagnostics
        self._providers = providers
        self._checker = checker

    def recreate(self, registration: Registration, old: ResourceState, new: ResourceState) -> list[Step]:
        """Steps for a resource that was deleted because of another's replacement and is still wanted."""
        self._run.done.deletes.discard(new.urn)
        self._run.done.replaces.add(new.urn)
        keys = self._run.dependent_replace_keys.get(new.urn, [])
        return [Step(Op.REPLACE, old, new), Step(Op.CREATE_REPLACEMENT, old, new, registration, keys=keys)]

    async def replace(
        self,
        registration: Registration,
        old: ResourceState,
        new: ResourceState,
        diff: DiffResult,
        provider: Provider | None,
        *,
        is_forced: bool,
    ) -> list[Step]:
        """Steps that put a new resource in the old one's place.

        Raises:
            EngineError: if the program or protection forbids it.
        """
        self._refuse_protected(old, new)
        self._refuse_imported(registration, old, new, diff)
        self._run.done.replaces.add(new.urn)
        if provider is not None and not is_forced:
            await self._checker.check_afresh(provider, new, registration.goal.properties)
        deletes_first = registration.goal.delete_before_replace
        if deletes_first is None:
            deletes_first = diff.delete_before_replace
        replace = Step(
            Op.REPLACE, old, new, keys=diff.replace_keys, diffs=diff.changed_keys, detailed_diff=diff.detailed
        )
        create = Step(
            Op.CREATE_REPLACEMENT,
            old,
            new,
            registration,
            keys=diff.replace_keys,
            diffs=diff.changed_keys,
            detailed_diff=diff.detailed,
        )
        if not deletes_first:
            create.marks_old_deleted = replace.marks_old_deleted = True
            return [create, replace]
        steps = await self._delete_dependents(old, new)
        await self._providers.ensure(old.provider)
        if not old.pending_replacement:
            self._run.done.deletes.add(old.urn)
            steps.append(Step(Op.DELETE_REPLACED, old, None, marks_pending_replacement=True))
        return [*steps, replace, create]

    def _refuse_protected(self, old: ResourceState, new: ResourceState) -> None:
        if not (new.protect and old.protect):
            return
        message = words.protected_from_replacement(new.urn)
        self._diagnostics.error(message, new.urn)
        self._run.has_error = True
        # A preview goes on to show what else would happen.
        if not self._run.options.is_preview:
            raise AlreadyReportedError(message)

    def _refuse_imported(
        self, registration: Registration, old: ResourceState, new: ResourceState, diff: DiffResult
    ) -> None:
        if not registration.goal.import_id:
            return
        lines = [
            f"{key}: {words.show_value(old.inputs.get(key))} => {words.show_value(new.inputs.get(key))}"
            for key in diff.replace_keys
        ]
        message = (
            "previously-imported resources that still specify an ID may not be replaced; "
            "please remove the `import` declaration from your program;\n" + "\n".join(lines)
        )
        if not self._run.options.is_preview:
            raise EngineError(message)
        self._diagnostics.warning(message, new.urn)

    async def _delete_dependents(self, old: ResourceState, new: ResourceState) -> list[Step]:
        condemned: list[tuple[ResourceState, list[str]]] = []
        if not self._run.options.is_preview or old in self._run.olds.graph:
            condemned = await self.dependents_to_replace(old)
        condemned.extend((state, []) for state in self.cascading(new.urn))
        steps: list[Step] = []
        for dependent, keys in reversed(condemned):
            if dependent in self._run.pending_deletes:
                continue
            self._run.dependent_replace_keys[dependent.urn] = keys
            if dependent.delete:
                steps.append(Step(Op.DELETE, dependent, None))
            else:
                self._refuse_chain(dependent, new.urn)
                steps.append(Step(Op.DELETE_REPLACED, dependent, None, marks_pending_replacement=True))
            self._run.done.deletes.add(dependent.urn)
            self._run.pending_deletes.add(dependent)
        return steps

    def _refuse_chain(self, dependent: ResourceState, root_urn: str) -> None:
        if dependent.protect:
            message = words.protected_from_chain(dependent.urn, root_urn)
            self._diagnostics.error(message, dependent.urn)
            self._run.has_error = True
            raise AlreadyReportedError(message)

    def cascading(self, urn: str) -> list[ResourceState]:
        """Resources that are to be replaced or deleted with another."""
        found: dict[str, ResourceState] = {}
        for states in (self._run.news.values(), self._run.olds.by_urn.values()):
            for state in states:
                if urn in state.replace_with or state.deleted_with == urn:
                    found.setdefault(state.urn, state)
        return list(found.values())

    async def dependents_to_replace(self, root: ResourceState) -> list[tuple[ResourceState, list[str]]]:
        """Dependents that would be replaced if a resource were, and the keys that make them."""
        replaced = {root.urn}
        done = self._run.done
        decided = done.reads | done.creates | done.sames | done.updates | done.deletes | done.replaces
        found: list[tuple[ResourceState, list[str]]] = []
        for dependent in self._run.olds.graph.dependents(root, decided):
            keys = await self._keys_forcing(dependent, replaced)
            if keys is not None:
                found.append((dependent, keys))
                replaced.add(dependent.urn)
        return found

    async def _keys_forcing(self, dependent: ResourceState, replaced: set[str]) -> list[str] | None:
        if not dependent.custom or dependent.external:
            return None
        if dependent.provider and dependent.provider_urn in replaced:
            await self._providers.ensure(dependent.provider)
            return []
        if dependent.deleted_with in replaced:
            return []
        inputs = _with_unknowns(dependent, replaced)
        if inputs is None:
            return None
        if urns.is_provider_type(dependent.type):
            await self._run.registry.same(dependent, from_check=False)
        else:
            await self._providers.ensure(dependent.provider)
        provider = await self._providers.serving(dependent.urn, dependent.type, dependent.provider)
        diff = await provider.diff(
            Identity(dependent.urn, dependent.id),
            dependent.inputs,
            dependent.outputs,
            inputs,
            allow_unknowns=True,
            ignore_changes=dependent.ignore_changes,
        )
        if diff.has_changes is None:
            diff = compare_inputs(dependent.inputs, inputs)
        diff = with_replacements(diff, dependent.replace_on_changes, has_init_errors=False)
        return diff.replace_keys if diff.must_replace else None


def _with_unknowns(dependent: ResourceState, replaced: set[str]) -> Properties | None:
    inputs = dict(dependent.inputs)
    uncertain = [
        key for key in inputs if any(urn in replaced for urn in dependent.property_dependencies.get(key, ()))
    ]
    for key in uncertain:
        inputs[key] = UNKNOWN
    return inputs if uncertain else None
