"""What IAM grants for the secrets a request names: exactly those."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from programs.components.policy import Condition, Statement
from programs.components.scope import Scope
from programs.request.containers import Secret

_RANDOM_SUFFIX = "-??????"
"""Secrets Manager ends every ARN with a hyphen and six characters that a name does not tell.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html
"""


@dataclass(frozen=True, slots=True)
class SecretGrants:
    """Secrets and parameters, as IAM resources."""

    secret_arns: tuple[str, ...] = ()
    parameter_arns: tuple[str, ...] = ()


def secret_grants(scope: Scope, secrets: Iterable[Secret]) -> SecretGrants:
    """Return exactly the secrets and parameters that are named, as IAM resources."""
    listed = list(secrets)
    names = {secret.secrets_manager for secret in listed if secret.secrets_manager is not None}
    parameters = {secret.parameter for secret in listed if secret.parameter is not None}
    return SecretGrants(
        secret_arns=tuple(sorted(_grantable(scope, name) for name in names)),
        parameter_arns=tuple(sorted(parameter_arn(scope, parameter) for parameter in parameters)),
    )


def secret_statements(scope: Scope, grants: SecretGrants) -> list[Statement]:
    """Return the statements that allow reading what is granted, whichever key of the account encrypts it."""
    statements: list[Statement] = []
    if grants.secret_arns:
        statements.append(Statement("ReadSecrets", ("secretsmanager:GetSecretValue",), grants.secret_arns))
        statements.append(_decrypt(scope, "Secrets", "SecretARN", grants.secret_arns))
    if grants.parameter_arns:
        actions = ("ssm:GetParameter", "ssm:GetParameters")
        statements.append(Statement("ReadParameters", actions, grants.parameter_arns))
        statements.append(_decrypt(scope, "Parameters", "PARAMETER_ARN", grants.parameter_arns))
    return statements


def _decrypt(scope: Scope, what: str, context_key: str, arns: Sequence[str]) -> Statement:
    """Allow decryption of exactly the named secrets, whichever key of the account encrypts them.

    https://docs.aws.amazon.com/kms/latest/developerguide/services-secrets-manager.html and
    https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html name the contexts.
    """
    return Statement(
        f"Decrypt{what}",
        ("kms:Decrypt",),
        (scope.arn("kms", "key/*"),),
        conditions=(Condition("StringLike", f"kms:EncryptionContext:{context_key}", tuple(arns)),),
    )


def secret_arn(scope: Scope, name: str) -> str:
    """Return the ARN of a secret given by name or ARN; by name, without the random end."""
    return name if name.startswith("arn:") else scope.arn("secretsmanager", f"secret:{name}")


def _grantable(scope: Scope, name: str) -> str:
    return name if name.startswith("arn:") else f"{secret_arn(scope, name)}{_RANDOM_SUFFIX}"


def parameter_arn(scope: Scope, parameter: str) -> str:
    """Return the ARN of a parameter given by path or ARN."""
    if parameter.startswith("arn:"):
        return parameter
    return scope.arn("ssm", f"parameter/{parameter.removeprefix('/')}")
