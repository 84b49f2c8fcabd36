"""The person for whom a portal asks: recorded beside the portal, and no source of rights."""

import re

from service.access.errors import ForwardingRefusedError

_ENTITY_REF = re.compile(r"[A-Za-z0-9][\w.:/@+-]{0,119}", re.ASCII)


def check_person(person: str | None) -> str | None:
    """Return the name of the person for whom somebody asks; raise ForwardingRefusedError if it is none."""
    if person is not None and not _ENTITY_REF.fullmatch(person):
        raise ForwardingRefusedError(
            "what the caller names is no person",
            hint="send an entity reference such as user:default/kim, of 120 characters at most",
        )
    return person
