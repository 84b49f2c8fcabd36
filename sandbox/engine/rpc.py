"""The official gRPC stubs, loaded without the rest of the pulumi package.

Importing `pulumi` runs the whole SDK (about half a second); every command would pay for it. The stubs are a
package of their own inside it that needs grpc and protobuf only, so that package is loaded by its path.
"""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi.runtime.proto import (
        alias_pb2,
        callback_pb2,
        engine_pb2,
        events_pb2,
        language_pb2,
        plugin_pb2,
        provider_pb2,
        resource_pb2,
        source_pb2,
        status_pb2,
    )
else:
    _PACKAGE = "pulumi_protocol"

    def _load_package() -> None:
        sdk = find_spec("pulumi")
        if sdk is None or sdk.origin is None:
            msg = "the pulumi package is not installed for this Python"
            raise ModuleNotFoundError(msg)
        folder = Path(sdk.origin).parent / "runtime" / "proto"
        # The package's own __init__ imports every stub; an empty one leaves that to whoever needs them.
        spec = ModuleSpec(_PACKAGE, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules.setdefault(_PACKAGE, module_from_spec(spec))

    _load_package()

    def __getattr__(name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return import_module(f"{_PACKAGE}.{name}")


__all__ = [
    "alias_pb2",
    "callback_pb2",
    "engine_pb2",
    "events_pb2",
    "language_pb2",
    "plugin_pb2",
    "provider_pb2",
    "resource_pb2",
    "source_pb2",
    "status_pb2",
]
