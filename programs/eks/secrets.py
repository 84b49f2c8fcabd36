"""Secrets of a workload, brought from Secrets Manager and Parameter Store by External Secrets."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.eks.identity import secret_reader_name
from programs.eks.naming import namespace_of, object_labels, secret_key, secret_name
from programs.eks.platform import Platform
from programs.request.containers import Secret
from programs.request.sidecars import OwnSidecar
from programs.request.workload import Workload

_API_VERSION = "external-secrets.io/v1"
_REFRESH = "1h"
SECRETS_MANAGER_STORE = "secrets-manager"
PARAMETER_STORE = "parameter-store"
_SERVICES = {SECRETS_MANAGER_STORE: "SecretsManager", PARAMETER_STORE: "ParameterStore"}


@dataclass(frozen=True, slots=True)
class NamedSecret:
    """A secret and the container it is for."""

    container: str
    secret: Secret

    @property
    def store(self) -> str:
        """The store it comes from."""
        return PARAMETER_STORE if self.secret.parameter is not None else SECRETS_MANAGER_STORE


def named_secrets(workload: Workload) -> tuple[NamedSecret, ...]:
    """Return every secret of a workload with its container, in a stable order."""
    named = [NamedSecret(workload.name, secret) for secret in workload.secrets]
    for sidecar in workload.sidecars:
        if isinstance(sidecar, OwnSidecar):
            named.extend(NamedSecret(sidecar.name, secret) for secret in sidecar.secrets)
    return tuple(sorted(named, key=lambda one: (one.container, one.secret.name)))


class WorkloadSecrets(pulumi.ComponentResource):
    """The stores a workload may read, as its own reader, and the Kubernetes secret that they fill."""

    external: CustomResource

    def __init__(
        self,
        name: str,
        workload: Workload,
        platform: Platform,
        depends_on: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the stores and the external secret."""
        super().__init__("berth:eks:WorkloadSecrets", name, None, opts)
        named = named_secrets(workload)
        stores = [
            self._make_store(name, store, workload, platform, depends_on)
            for store in sorted({one.store for one in named})
        ]
        self.external = CustomResource(
            f"{name}-external",
            api_version=_API_VERSION,
            kind="ExternalSecret",
            metadata=ObjectMetaArgs(
                name=secret_name(workload.name),
                namespace=namespace_of(workload.name),
                labels=object_labels(platform.scope, workload),
                annotations={"pulumi.com/waitFor": "condition=Ready"},
            ),
            spec={
                "refreshInterval": _REFRESH,
                "secretStoreRef": {"name": named[0].store, "kind": "SecretStore"},
                "target": {"name": secret_name(workload.name), "creationPolicy": "Owner"},
                "data": [_entry(one) for one in named],
            },
            opts=platform.inside(self, stores),
        )
        self.register_outputs({})

    def _make_store(
        self,
        name: str,
        store: str,
        workload: Workload,
        platform: Platform,
        depends_on: Sequence[pulumi.Resource],
    ) -> CustomResource:
        reader = {"serviceAccountRef": {"name": secret_reader_name(workload.name)}}
        provider = {
            "service": _SERVICES[store],
            "region": platform.scope.region,
            "auth": {"jwt": reader},
        }
        return CustomResource(
            f"{name}-{store}",
            api_version=_API_VERSION,
            kind="SecretStore",
            metadata=ObjectMetaArgs(
                name=store,
                namespace=namespace_of(workload.name),
                labels=object_labels(platform.scope, workload),
            ),
            spec={"provider": {"aws": provider}},
            opts=platform.inside(self, depends_on),
        )


def _entry(one: NamedSecret) -> dict[str, object]:
    reference = {"key": one.secret.parameter or one.secret.secrets_manager}
    if one.secret.key is not None:
        reference["property"] = one.secret.key
    return {
        "secretKey": secret_key(one.container, one.secret.name),
        "remoteRef": reference,
        "sourceRef": {"storeRef": {"name": one.store, "kind": "SecretStore"}},
    }
