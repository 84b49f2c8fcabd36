"""Who asks. Until callers prove who they are, everyone is the local developer of the one-machine set-up."""

from typing import Annotated

from fastapi import Depends

LOCAL_DEVELOPER = "local-developer"


def _current_actor() -> str:
    return LOCAL_DEVELOPER


Actor = Annotated[str, Depends(_current_actor)]
