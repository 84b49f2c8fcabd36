"""Making, changing and deleting AWS resources on the cloud's store."""

from sandbox.cloud.aws.making import make_record, refusal, scope_of
from sandbox.cloud.aws.outputs import changed_outputs
from sandbox.cloud.aws.references import missing, uses_of
from sandbox.cloud.aws.rules import refuse_change, refuse_creation, refuse_deletion
from sandbox.cloud.aws.sideeffects import after_creation, after_deletion
from sandbox.cloud.aws.surroundings import Surroundings
from sandbox.cloud.aws.table import entry_of
from sandbox.cloud.provider.model import CreateCall, DeleteCall, Made, Session, UpdateCall
from sandbox.cloud.sdk.model import ResourceSpec
from sandbox.cloud.sdk.package import SdkPackage
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, text_of

_FORCING = ("forceDestroy", "forceDetachPolicies")
"""Inputs that make the provider empty a resource before it deletes it."""


class Lifecycle:
    """What happens to AWS resources; refusals are AWS's own."""

    def __init__(self, package: SdkPackage, inventory: Inventory) -> None:
        self._package = package
        self._inventory = inventory

    def make(self, spec: ResourceSpec, around: Surroundings, call: CreateCall, session: Session) -> Made:
        """Let a resource stand in the cloud.

        A creation carries a client token, as AWS calls it: its URN. What the same URN made for an engine
        that died before it heard of it is taken away first, so that nothing stands twice.
        """
        self._forget_unheard(call, around)
        refuse_creation(self._inventory, around, spec.token, call.inputs)
        record = make_record(
            spec, self._inventory, around, call.inputs, urn=call.target.urn, session=session.peer
        )
        record = after_creation(self._package, self._inventory, around, record)
        return Made(record.id, record.outputs, record.inputs)

    def find(self, spec: ResourceSpec, around: Surroundings, id_: str, outputs: Properties) -> Record | None:
        """The resource with an id; of several that share it, the one with the recorded ARN.

        Without recorded outputs it is an import: most types are imported by id, name or ARN.
        """
        scope = scope_of(spec.token, around)
        if not outputs:
            return self._inventory.referenced(spec.token, id_, scope)
        return self._inventory.find(spec.token, id_, scope, text_of(outputs, "arn"))

    def change(self, spec: ResourceSpec, around: Surroundings, call: UpdateCall) -> Made:
        """Change a resource in place."""
        record = self.find(spec, around, call.id, call.old_outputs)
        if record is None:
            raise missing(spec.token, call.id)
        outputs = changed_outputs(spec, record.outputs, record.inputs, call.news)
        refuse_change(self._inventory, around, record, outputs)
        uses = uses_of(self._inventory, around, entry_of(spec.token), outputs)
        changed = self._inventory.change(record, call.news, outputs, uses)
        return Made(changed.id, changed.outputs, changed.inputs)

    def delete(self, spec: ResourceSpec, around: Surroundings, call: DeleteCall) -> None:
        """Delete a resource; one that is gone already is no error."""
        record = self.find(spec, around, call.id, call.outputs)
        if record is None:
            return
        entry = entry_of(spec.token)
        refuse_deletion(record)
        is_forced = any(record.outputs.get(name) is True for name in _FORCING)
        if entry.in_use is not None and not is_forced and self._inventory.users(record):
            raise refusal(self._inventory, entry, entry.in_use, record.outputs, around)
        self._inventory.remove(record)
        after_deletion(self._inventory, record)

    def acknowledge(self, urn: str) -> None:
        """Note that an engine's state knows what this URN made."""
        if self._inventory.is_unheard(urn):
            self._inventory.acknowledge(urn)

    def _forget_unheard(self, call: CreateCall, around: Surroundings) -> None:
        unheard = self._inventory.unheard(call.target.urn, call.target.type, around.account)
        if unheard is not None:
            self._inventory.remove(unheard)
            after_deletion(self._inventory, unheard)
