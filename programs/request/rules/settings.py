"""Plain settings: no credentials among them, and no variable set twice."""

import re
from collections.abc import Iterator, Mapping

from programs.request.containers import Secret
from programs.request.rules.problem import Place, Problem
from programs.request.shape import SharedShape
from programs.request.sidecars import OwnSidecar

_CREDENTIAL_KEY = re.compile(
    r"(^|_)(PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|CREDENTIALS?|API_?KEY|(ACCESS|PRIVATE|SECRET|SIGNING|"
    r"ENCRYPTION)_?KEY|CONNECTION_?STRING|DSN)$",
    re.IGNORECASE,
)
_SHELL_WORKING_DIRECTORY = frozenset({"PWD", "OLDPWD"})


def looks_like_credential(key: str) -> bool:
    """Whether a variable so named usually holds a credential: `DB_PASSWORD` does, `TOKEN_AGE` does not."""
    return key.upper() not in _SHELL_WORKING_DIRECTORY and bool(_CREDENTIAL_KEY.search(key))


def setting_problems(request: SharedShape) -> Iterator[Problem]:
    """Credentials among plain settings, and variables that are both a setting and a secret."""
    for index, workload in enumerate(request.workloads):
        place: Place = ("workloads", index)
        yield from _problems_of(workload.env, workload.secrets, place)
        for number, sidecar in enumerate(workload.sidecars):
            if isinstance(sidecar, OwnSidecar):
                yield from _problems_of(sidecar.env, sidecar.secrets, (*place, "sidecars", number))


def _problems_of(env: Mapping[str, str], secrets: tuple[Secret, ...], place: Place) -> Iterator[Problem]:
    for key in env:
        if looks_like_credential(key):
            yield Problem(
                (*place, "env", key),
                f"`{key}` looks like a credential; put the value into Secrets Manager and write it under "
                f"`secrets` as {{name: {key}, secrets_manager: NAME}}",
            )
    for number, secret in enumerate(secrets):
        if secret.name in env:
            yield Problem(
                (*place, "secrets", number, "name"),
                f"`{secret.name}` is in `env` as well; leave it in `secrets` alone",
            )
