"""Secrets of a request, as ECS reads them and as IAM grants them."""

from collections.abc import Iterable

from programs.components.scope import Scope
from programs.ecs.container import SecretVariable
from programs.ecs.task_roles import SecretGrants
from programs.request.containers import Secret

_RANDOM_SUFFIX = "-??????"
"""Secrets Manager ends every ARN with a hyphen and six characters that a name does not tell.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html
"""


def secret_variables(scope: Scope, secrets: Iterable[Secret]) -> tuple[SecretVariable, ...]:
    """Return the variables that ECS fills when a container starts, ordered by name."""
    ordered = sorted(secrets, key=lambda secret: secret.name)
    return tuple(SecretVariable(secret.name, _value_from(scope, secret)) for secret in ordered)


def secret_grants(scope: Scope, secrets: Iterable[Secret]) -> SecretGrants:
    """Return exactly the secrets and parameters that are named, as IAM resources."""
    listed = list(secrets)
    names = {secret.secrets_manager for secret in listed if secret.secrets_manager is not None}
    parameters = {secret.parameter for secret in listed if secret.parameter is not None}
    return SecretGrants(
        secret_arns=tuple(sorted(_grantable(scope, name) for name in names)),
        parameter_arns=tuple(sorted(_parameter_arn(scope, parameter) for parameter in parameters)),
    )


def _value_from(scope: Scope, secret: Secret) -> str:
    if secret.parameter is not None:
        return _parameter_arn(scope, secret.parameter)
    arn = _secret_arn(scope, secret.secrets_manager or "")
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
    return f"{arn}:{secret.key}::" if secret.key is not None else arn


def _secret_arn(scope: Scope, name: str) -> str:
    return name if name.startswith("arn:") else scope.arn("secretsmanager", f"secret:{name}")


def _grantable(scope: Scope, name: str) -> str:
    return name if name.startswith("arn:") else f"{_secret_arn(scope, name)}{_RANDOM_SUFFIX}"


def _parameter_arn(scope: Scope, parameter: str) -> str:
    if parameter.startswith("arn:"):
        return parameter
    return scope.arn("ssm", f"parameter/{parameter.removeprefix('/')}")
