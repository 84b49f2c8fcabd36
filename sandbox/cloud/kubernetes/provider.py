"""The simulated Kubernetes provider."""

import asyncio
from dataclasses import dataclass

from sandbox.cloud.kubernetes.clusters import Cluster, cluster_of
from sandbox.cloud.kubernetes.controllers import Controllers
from sandbox.cloud.kubernetes.differences import difference
from sandbox.cloud.kubernetes.manifests import RELEASE, kind_of, namespace_of
from sandbox.cloud.kubernetes.naming import generated_suffix, with_name
from sandbox.cloud.kubernetes.objects import Objects
from sandbox.cloud.provider.checking import checked_against, properties_without_marks
from sandbox.cloud.provider.defaults import ProviderDefaults
from sandbox.cloud.provider.errors import NotYetThereError, UnknownTokenError
from sandbox.cloud.provider.faulting import refuse_if_told, strike_afterwards
from sandbox.cloud.provider.latency import Clock
from sandbox.cloud.provider.model import (
    CheckCall,
    Checked,
    CreateCall,
    DeleteCall,
    DiffCall,
    Difference,
    Made,
    ReadCall,
    Session,
    UpdateCall,
)
from sandbox.cloud.sdk.package import SdkPackage
from sandbox.cloud.store.faults import Faults, Operation
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.wire.values import UNKNOWN, Properties, Value, is_list, is_properties, object_of, text_of

_RETRY_PAUSES_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6)
_SECONDS = {
    "Deployment": 20.0,
    "StatefulSet": 30.0,
    "Release": 30.0,
    "Ingress": 5.0,
    "Job": 10.0,
    "DaemonSet": 10.0,
}


@dataclass(frozen=True, slots=True)
class KubernetesCloud:
    """What the provider works with; `aws` is the SDK of the cloud that controllers make things in."""

    package: SdkPackage
    aws: SdkPackage
    inventory: Inventory
    faults: Faults
    clock: Clock


class KubernetesProvider(ProviderDefaults):
    """Serves the kinds of the installed pulumi_kubernetes package and custom resources of any kind."""

    def __init__(self, cloud: KubernetesCloud) -> None:
        self._cloud = cloud
        self._objects = Objects(cloud.inventory, Controllers(cloud.aws, cloud.inventory))

    @property
    def version(self) -> str:
        """The version of pulumi_kubernetes."""
        return self._cloud.package.version

    def check(self, session: Session, call: CheckCall) -> Checked:
        """Check a manifest's shape and complete it."""
        if call.olds:
            self._objects.acknowledge(call.target.urn)
        news = properties_without_marks(call.news)
        if call.target.type == RELEASE:
            return self._check_release(session, call, news)
        named = with_name(call, news)
        spec = self._cloud.package.resource(call.target.type)
        if spec is None:
            return Checked(_placed(session, call.target.type, named))
        shaped: Properties = {name: value for name, value in named.items() if value is not None}
        _, failures = checked_against(self._cloud.package.object_type, spec.inputs, shaped)
        return Checked(_placed(session, call.target.type, shaped), tuple(failures))

    def diff(self, session: Session, call: DiffCall) -> Difference:
        """Compare an object with its new manifest."""
        del session
        self._objects.acknowledge(call.target.urn)
        return difference(call)

    async def create(self, session: Session, call: CreateCall) -> Made:
        """Make an object."""
        if call.is_preview:
            return Made("", {**call.inputs, "status": UNKNOWN})
        fault = refuse_if_told(self._cloud.faults, call.target.type, Operation.CREATE, call.target.name)
        await self._cloud.clock.spend(_seconds(call.target.type))
        made = await self._make(session, call)
        strike_afterwards(fault, made)
        return made

    async def read(self, session: Session, call: ReadCall) -> Made | None:
        """Look an object up; None when it does not exist."""
        refuse_if_told(self._cloud.faults, call.target.type, Operation.READ, call.id)
        found = self._objects.find(self._cluster(session), call.target.type, call.id)
        if found is None:
            return None
        inputs = _given(call.inputs, found.outputs) if call.inputs else dict(found.inputs)
        return Made(found.id, found.outputs, inputs)

    async def update(self, session: Session, call: UpdateCall) -> Made:
        """Change an object in place."""
        if call.is_preview:
            return Made(call.id, {**call.old_outputs, **call.news})
        fault = refuse_if_told(self._cloud.faults, call.target.type, Operation.UPDATE, call.id)
        await self._cloud.clock.spend(_seconds(call.target.type))
        made = self._objects.change(self._cluster(session), call)
        strike_afterwards(fault, made)
        return made

    async def delete(self, session: Session, call: DeleteCall) -> None:
        """Delete an object."""
        refuse_if_told(self._cloud.faults, call.target.type, Operation.DELETE, call.id)
        await self._cloud.clock.spend(2.0)
        self._objects.delete(self._cluster(session), call.target.type, call.id)

    async def _make(self, session: Session, call: CreateCall) -> Made:
        """Make an object, waiting a while for its namespace and its kind as the real provider does."""
        for pause in _RETRY_PAUSES_SECONDS:
            try:
                return self._objects.make(self._cluster(session), call, session)
            except NotYetThereError:
                await asyncio.sleep(pause)
        return self._objects.make(self._cluster(session), call, session)

    def _cluster(self, session: Session) -> Cluster:
        return cluster_of(self._cloud.inventory, session)

    def _check_release(self, session: Session, call: CheckCall, news: Properties) -> Checked:
        spec = self._cloud.package.resource(RELEASE)
        if spec is None:
            raise UnknownTokenError(RELEASE)
        inputs, failures = checked_against(self._cloud.package.object_type, spec.inputs, news)
        before = text_of(call.olds, "name")
        filled: Properties = {
            "name": before or f"{call.target.name}-{generated_suffix(call)}",
            "namespace": text_of(session.configuration, "namespace") or "default",
            "compat": "true",
        }
        return Checked({**filled, **inputs}, tuple(failures))


def _placed(session: Session, type_: str, manifest: Properties) -> Properties:
    """The manifest with its namespace written down."""
    kind = kind_of(type_)
    metadata = object_of(manifest, "metadata")
    if not kind.is_namespaced or not metadata or metadata.get("namespace") is not None:
        return manifest
    namespace = namespace_of(kind, manifest, text_of(session.configuration, "namespace") or "default")
    return {**manifest, "metadata": {**metadata, "namespace": namespace}}


def _given(before: Properties, now: Properties) -> Properties:
    """What has become of the fields that a manifest gives; fields that it does not give stay out."""
    return {name: _given_value(value, now[name]) for name, value in before.items() if name in now}


def _given_value(before: Value, now: Value) -> Value:
    if is_properties(before) and is_properties(now):
        return _given(before, now)
    if is_list(before) and is_list(now) and len(before) == len(now):
        return [_given_value(one, other) for one, other in zip(before, now, strict=True)]
    return now


def _seconds(type_: str) -> float:
    return _SECONDS.get(type_.rpartition(":")[2], 1.0)
