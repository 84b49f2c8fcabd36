"""The operation in a URL."""

from typing import Annotated

from fastapi import Path

from service.core.ids import OperationId

OperationIdPath = Annotated[
    OperationId, Path(pattern=r"^op_[0-9a-f]{32}$", examples=["op_0192f0c1a7b87c3d9e5f60718293a4b5"])
]
