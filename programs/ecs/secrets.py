"""Secrets of a request, as ECS reads them when a container starts."""

from collections.abc import Iterable

from programs.components.scope import Scope
from programs.components.secret_grants import parameter_arn, secret_arn
from programs.ecs.container import SecretVariable
from programs.request.containers import Secret


def secret_variables(scope: Scope, secrets: Iterable[Secret]) -> tuple[SecretVariable, ...]:
    """Return the variables that ECS fills when a container starts, ordered by name."""
    ordered = sorted(secrets, key=lambda secret: secret.name)
    return tuple(SecretVariable(secret.name, _value_from(scope, secret)) for secret in ordered)


def _value_from(scope: Scope, secret: Secret) -> str:
    if secret.parameter is not None:
        return parameter_arn(scope, secret.parameter)
    arn = secret_arn(scope, secret.secrets_manager or "")
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
    return f"{arn}:{secret.key}::" if secret.key is not None else arn
