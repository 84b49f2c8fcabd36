"""Gives a stack another name inside its own state."""

from sandbox.engine.backends.protocol import StackName
from sandbox.engine.state.deployment import UntypedDeployment
from sandbox.engine.state.json_values import Json, JsonObject
from sandbox.engine.urn import ROOT_STACK_TYPE


def rename_stack(deployment: UntypedDeployment, name: StackName, new_name: StackName) -> UntypedDeployment:
    """The deployment with the stack and project in every URN replaced."""
    renamed = _rename(deployment.deployment, name, new_name)
    document: JsonObject = renamed if isinstance(renamed, dict) else {}
    return UntypedDeployment(document, deployment.version, deployment.features)


def _rename(value: Json, name: StackName, new_name: StackName) -> Json:
    if isinstance(value, str):
        return _rename_urn(value, name, new_name) if value.startswith("urn:pulumi:") else value
    if isinstance(value, list):
        return [_rename(item, name, new_name) for item in value]
    if isinstance(value, dict):
        return {key: _rename(item, name, new_name) for key, item in value.items()}
    return value


def _rename_urn(value: str, name: StackName, new_name: StackName) -> str:
    old_prefix = f"urn:pulumi:{name.stack}::{name.project}::"
    if not value.startswith(old_prefix):
        return value
    rest = value.removeprefix(old_prefix)
    # The root stack is named for project and stack.
    old_root = f"{ROOT_STACK_TYPE}::{name.project}-{name.stack}"
    if rest == old_root:
        rest = f"{ROOT_STACK_TYPE}::{new_name.project}-{new_name.stack}"
    return f"urn:pulumi:{new_name.stack}::{new_name.project}::{rest}"
