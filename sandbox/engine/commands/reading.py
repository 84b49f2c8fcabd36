"""The recorded state of a command's stack."""

from dataclasses import replace

from sandbox.engine.commands.context import Context
from sandbox.engine.commands.output import say
from sandbox.engine.errors import EngineError
from sandbox.engine.secrets.manager import decrypt_all
from sandbox.engine.state.deployment import Snapshot, UntypedDeployment, read_snapshot
from sandbox.engine.state.json_values import JsonObject, objects, text
from sandbox.engine.state.resource import OperationKind
from sandbox.engine.steps.graph import DependencyGraph
from sandbox.engine.steps.targets import Targets


def read_state(context: Context) -> tuple[UntypedDeployment, Snapshot]:
    """The state, as it is kept and as it is understood; its secrets are those of the stack's own key.

    Raises:
        EngineError: if it is not there, or its secrets cannot be read.
    """
    backend, name, secrets = context.backend, context.stack, context.secrets
    base = backend.export(name)
    reader = backend.manager_for(name, base.deployment) or secrets
    if reader.provider != secrets.provider:
        from sandbox.engine.state.reencryption import reveal_secrets, seal_secrets  # noqa: PLC0415 -- rarely needed

        base, reader = seal_secrets(reveal_secrets(base, reader), None, secrets), secrets
    return base, read_snapshot(base.deployment, decrypt_all(base.deployment, reader))


def shielded(context: Context) -> Targets | None:
    """What a destroy leaves alone for the sake of what is protected; None when that is everything.

    Raises:
        EngineError: if targets were named as well.
    """
    if context.arguments.target:
        raise EngineError("you cannot specify --target and --exclude-protected")
    _, snapshot = read_state(context)
    graph = DependencyGraph(snapshot.resources)
    protected = [state for state in snapshot.resources if state.protect]
    kept = {state.urn for state in protected}
    for state in protected:
        kept.update(needed.urn for needed in graph.transitive_dependencies(state))
    if kept and len(kept) == len(snapshot.resources):
        say(
            "There were no unprotected resources to destroy. "
            f"There are still {len(kept)} protected resources associated with this stack."
        )
        return None
    return Targets([*context.arguments.exclude, *sorted(kept)])


def drop_pending_creates(context: Context) -> None:
    """Take creations that a killed run left under way out of the state: they came to nothing."""
    backend, name = context.backend, context.stack
    base = backend.export(name)
    operations = objects(base.deployment, "pending_operations")
    kept = [operation for operation in operations if text(operation, "type") != OperationKind.CREATING]
    if len(kept) < len(operations):
        deployment: JsonObject = {**base.deployment, "pending_operations": [*kept]}
        backend.replace_state(name, replace(base, deployment=deployment))
