"""Objects made, changed and deleted through a cluster's API."""

from collections.abc import Iterator

from sandbox.cloud.kubernetes.clusters import Cluster, has_namespace, objects_in
from sandbox.cloud.kubernetes.compute import unschedulable
from sandbox.cloud.kubernetes.controllers import Controllers
from sandbox.cloud.kubernetes.helm import refuse_release, release_outputs, serves
from sandbox.cloud.kubernetes.manifests import RELEASE, Kind, id_of, is_patch, kind_of, namespace_of
from sandbox.cloud.kubernetes.naming import name_faults
from sandbox.cloud.kubernetes.status import live_object, settled
from sandbox.cloud.kubernetes.workloads import workload_faults
from sandbox.cloud.provider.errors import CloudError, InitializationError, NotYetThereError
from sandbox.cloud.provider.model import CreateCall, Made, Session, UpdateCall
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import NewRecord, Record
from sandbox.cloud.wire.values import Properties, object_of, text_of

_NAMESPACE = "kubernetes:core/v1:Namespace"


class Objects:
    """What happens to the objects of a cluster; refusals are the API server's own."""

    def __init__(self, inventory: Inventory, controllers: Controllers) -> None:
        self._inventory = inventory
        self._controllers = controllers

    def make(self, cluster: Cluster, call: CreateCall, session: Session) -> Made:
        """Let an object stand in a cluster."""
        self._forget_unheard(cluster, call)
        if call.target.type == RELEASE:
            return self._install(cluster, call, session)
        kind = kind_of(call.target.type)
        id_ = id_of(kind, call.inputs, cluster.namespace)
        namespace = namespace_of(kind, call.inputs, cluster.namespace)
        self._refuse(cluster, kind, id_, namespace, call.inputs)
        live = live_object(call.inputs, namespace, 1)
        outputs = settled(kind, live, self._address)
        record = self._add(cluster, call, session, id_, outputs)
        record = self._reconciled(cluster, record)
        reason = unschedulable(self._inventory, cluster, kind, namespace, record.outputs)
        if reason:
            raise InitializationError(id_, record.outputs, call.inputs, (reason,))
        return Made(record.id, record.outputs, record.inputs)

    def change(self, cluster: Cluster, call: UpdateCall) -> Made:
        """Change an object in place."""
        record = self.find(cluster, call.target.type, call.id)
        if record is None:
            raise CloudError(f'{kind_of(call.target.type).plural} "{call.id.rpartition("/")[2]}" not found')
        outputs = self._changed(cluster, record, call)
        changed = self._inventory.change(record, call.news, outputs, ())
        return Made(changed.id, changed.outputs, changed.inputs)

    def delete(self, cluster: Cluster, type_: str, id_: str) -> None:
        """Delete an object, and with a namespace everything in it."""
        record = self.find(cluster, type_, id_)
        if record is None:
            return
        inside = [record]
        if type_ == _NAMESPACE:
            objects = objects_in(self._inventory, cluster.host)
            inside = [*(item for item in objects if item.id.startswith(f"{id_}/")), record]
        for item in inside:
            self._controllers.clean_up(cluster, item)
            self._inventory.remove(item)

    def find(self, cluster: Cluster, type_: str, id_: str) -> Record | None:
        """The object of a type and id."""
        return self._inventory.find(type_, id_, cluster.scope)

    def acknowledge(self, urn: str) -> None:
        """Note that an engine's state knows what this URN made."""
        if self._inventory.is_unheard(urn):
            self._inventory.acknowledge(urn)

    def _install(self, cluster: Cluster, call: CreateCall, session: Session) -> Made:
        refuse_release(call.inputs)
        namespace, name = text_of(call.inputs, "namespace"), text_of(call.inputs, "name")
        if self.find(cluster, RELEASE, f"{namespace}/{name}") is not None:
            raise CloudError("cannot re-use a name that is still in use")
        if not has_namespace(self._inventory, cluster, namespace):
            if call.inputs.get("createNamespace") is not True:
                raise CloudError(f'failed to create resource: namespaces "{namespace}" not found')
            manifest: Properties = {"metadata": {"name": namespace}}
            live = settled(Kind("v1", "Namespace"), live_object(manifest, "", 1), self._address)
            self._inventory.add(
                NewRecord(_NAMESPACE, namespace, cluster.scope, manifest, live, name=namespace)
            )
        record = self._add(cluster, call, session, f"{namespace}/{name}", release_outputs(call.inputs, 1))
        return Made(record.id, record.outputs, record.inputs)

    def _add(
        self, cluster: Cluster, call: CreateCall, session: Session, id_: str, outputs: Properties
    ) -> Record:
        return self._inventory.add(
            NewRecord(
                type=call.target.type,
                id=id_,
                scope=cluster.scope,
                inputs=call.inputs,
                outputs=outputs,
                urn=call.target.urn,
                session=session.peer,
                name=id_,
            )
        )

    def _reconciled(self, cluster: Cluster, record: Record) -> Record:
        status = self._controllers.act_on(cluster, record)
        if not status:
            return record
        return self._inventory.set_outputs(record, {**record.outputs, "status": status})

    def _refuse(self, cluster: Cluster, kind: Kind, id_: str, namespace: str, manifest: Properties) -> None:
        said = f'resource "{id_}" was not successfully created by the Kubernetes API server:'
        missing = next(self._missing(cluster, kind, namespace), None)
        if missing is not None:
            raise NotYetThereError(f"{said} {missing}")
        fault = next(self._faults(cluster, kind, id_, manifest), None)
        if fault is not None:
            raise CloudError(f"{said} {fault}")

    def _missing(self, cluster: Cluster, kind: Kind, namespace: str) -> Iterator[str]:
        if not serves(self._inventory, cluster, kind):
            yield f'no matches for kind "{kind.name}" in version "{kind.api_version}"'
        if not has_namespace(self._inventory, cluster, namespace):
            yield f'namespaces "{namespace}" not found'

    def _faults(self, cluster: Cluster, kind: Kind, id_: str, manifest: Properties) -> Iterator[str]:
        name = id_.rpartition("/")[2]
        for fault in (*name_faults(kind, manifest), *workload_faults(kind, manifest)):
            yield f'{kind.name}.{kind.group} "{name}" is invalid: {fault}'
        if self._stands(cluster, kind, id_):
            yield f'{kind.plural} "{name}" already exists'

    def _stands(self, cluster: Cluster, kind: Kind, id_: str) -> bool:
        objects = objects_in(self._inventory, cluster.host)
        return any(
            item.id == id_ and item.type != RELEASE and kind_of(item.type) == kind and not is_patch(item.type)
            for item in objects
        )

    def _changed(self, cluster: Cluster, record: Record, call: UpdateCall) -> Properties:
        if record.type == RELEASE:
            refuse_release(call.news)
            revision = object_of(record.outputs, "status").get("revision")
            return release_outputs(call.news, revision + 1 if isinstance(revision, int) else 1)
        kind = kind_of(record.type)
        said = next((*name_faults(kind, call.news), *workload_faults(kind, call.news)).__iter__(), None)
        if said is not None:
            raise CloudError(f'{kind.name}.{kind.group} "{record.name}" is invalid: {said}')
        before = object_of(record.outputs, "metadata")
        generation = before.get("generation")
        known: Properties = {name: before[name] for name in ("uid", "creationTimestamp") if name in before}
        manifest: Properties = {**call.news, "metadata": {**object_of(call.news, "metadata"), **known}}
        namespace = namespace_of(kind, call.news, cluster.namespace)
        live = live_object(manifest, namespace, generation + 1 if isinstance(generation, int) else 1)
        outputs = settled(kind, live, lambda: text_of(object_of(record.outputs, "spec"), "clusterIP"))
        balancer = object_of(object_of(record.outputs, "status"), "loadBalancer")
        return {**outputs, "status": {"loadBalancer": balancer}} if balancer else outputs

    def _address(self) -> str:
        number = self._inventory.next_number("cluster-ip")
        return f"172.20.{number // 250 % 250}.{number % 250 + 2}"

    def _forget_unheard(self, cluster: Cluster, call: CreateCall) -> None:
        unheard = self._inventory.unheard(call.target.urn, call.target.type, cluster.host)
        if unheard is not None:
            self._controllers.clean_up(cluster, unheard)
            self._inventory.remove(unheard)
