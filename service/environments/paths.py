"""The environment in a URL."""

from typing import Annotated

from fastapi import Path

from service.core.ids import EnvironmentId

EnvironmentIdPath = Annotated[
    EnvironmentId,
    Path(pattern=r"^env_[0-9a-f]{32}$", examples=["env_0192f0c1a7b87c3d9e5f60718293a4b5"]),
]
