"""Providers that serve components alone."""

from sandbox.cloud.provider.defaults import ProviderDefaults
from sandbox.cloud.provider.errors import UnknownTokenError
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


class ComponentsOnly(ProviderDefaults):
    """Refuses everything that is about resources: the package has none of its own."""

    @property
    def accepts_references(self) -> bool:
        """Components are handed resources whole."""
        return True

    def check(self, session: Session, call: CheckCall) -> Checked:
        """Refuse: components are not checked."""
        del session
        raise _no_resource(call.target.type)

    def diff(self, session: Session, call: DiffCall) -> Difference:
        """Refuse: components are not compared."""
        del session
        raise _no_resource(call.target.type)

    async def create(self, session: Session, call: CreateCall) -> Made:
        """Refuse: the package has no resources of its own."""
        del session
        raise _no_resource(call.target.type)

    async def read(self, session: Session, call: ReadCall) -> Made | None:
        """Refuse: the package has no resources of its own."""
        del session
        raise _no_resource(call.target.type)

    async def update(self, session: Session, call: UpdateCall) -> Made:
        """Refuse: the package has no resources of its own."""
        del session
        raise _no_resource(call.target.type)

    async def delete(self, session: Session, call: DeleteCall) -> None:
        """Refuse: the package has no resources of its own."""
        del session
        raise _no_resource(call.target.type)


def _no_resource(type_: str) -> UnknownTokenError:
    return UnknownTokenError(f"unknown resource type {type_}")
