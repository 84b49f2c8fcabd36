"""Has providers validate inputs and fill in defaults."""

from sandbox.engine.errors import AlreadyReportedError
from sandbox.engine.properties.values import Properties
from sandbox.engine.providers.model import CheckFailure, CheckResult, Provider
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps import diagnostics as words
from sandbox.engine.steps.diagnostics import Diagnostics
from sandbox.engine.steps.differences import with_ignored
from sandbox.engine.steps.run import Run


class Checker:
    """Checks the inputs of one run's resources."""

    def __init__(self, run: Run, diagnostics: Diagnostics) -> None:
        """Take the run and who is told of failures."""
        self._run = run
        self._diagnostics = diagnostics
        self._seeds: dict[str, bytes] = {}

    async def check(
        self,
        provider: Provider,
        new: ResourceState,
        old: ResourceState | None,
        *,
        starts_afresh: bool,
        seed: bytes,
    ) -> CheckResult:
        """What the provider makes of new inputs beside the old ones, unless it starts afresh."""
        self._seeds[new.urn] = seed
        olds: Properties = {}
        news = new.inputs
        if old is not None and not starts_afresh:
            olds = old.inputs
            news, impossible = with_ignored(new.inputs, olds, new.ignore_changes)
            if impossible:
                named = ", ".join(impossible)
                self._diagnostics.info(
                    f'cannot ignore changes in added or removed elements of the path: "{named}"', new.urn
                )
        return await provider.check(
            new.urn, olds, news, allow_unknowns=self._run.options.is_preview, random_seed=seed
        )

    async def check_afresh(self, provider: Provider, new: ResourceState, wanted: Properties) -> None:
        """Give a replacement its own defaults: those of the old resource are not carried over to a new one.

        Raises:
            AlreadyReportedError: if the provider refuses the inputs.
        """
        result = await provider.check(
            new.urn,
            {},
            wanted,
            allow_unknowns=self._run.options.is_preview,
            random_seed=self._seeds.get(new.urn, b""),
        )
        if self.report(new, result.failures):
            raise AlreadyReportedError(f"resource {new.urn} has check errors")
        new.inputs = result.inputs

    def report(self, new: ResourceState, failures: list[CheckFailure]) -> bool:
        """Tell what the provider refuses, and whether it refuses anything."""
        for failure in failures:
            if failure.property:
                value = words.show_value(new.inputs.get(failure.property))
                message = words.invalid_property(new.type, new.name, failure.property, value, failure.reason)
            else:
                message = words.invalid_resource(new.type, new.name, failure.reason)
            self._diagnostics.error(message, new.urn)
        return bool(failures)
