"""Reads what a provider's gRPC errors say about the resource."""

from collections.abc import Iterable
from typing import cast

import grpc
from google.protobuf import any_pb2, struct_pb2

from sandbox.engine.channels import RpcError
from sandbox.engine.properties.protobuf import EVERYTHING, from_struct
from sandbox.engine.properties.values import Properties
from sandbox.engine.providers.model import Made, Outcome, ProviderError
from sandbox.engine.rpc import provider_pb2, status_pb2

_DETAILS = "grpc-status-details-bin"
# Codes after which nobody knows whether the operation took place (provider_plugin.go: resourceStateAndError).
_UNCLEAR = frozenset({grpc.StatusCode.INTERNAL, grpc.StatusCode.DATA_LOSS, grpc.StatusCode.UNKNOWN})


def outcome_of(error: RpcError) -> Outcome:
    """What is known of the resource."""
    return Outcome.UNKNOWN if error.code in _UNCLEAR else Outcome.OK


def provider_error(error: RpcError) -> ProviderError:
    """The provider's words."""
    return ProviderError(error.details, outcome_of(error))


def half_made(error: RpcError) -> Made | None:
    """The resource that exists although its operation failed, if the error says so."""
    for detail in _details(error):
        if detail.Is(provider_pb2.ErrorResourceInitFailed.DESCRIPTOR):
            failure = provider_pb2.ErrorResourceInitFailed()
            detail.Unpack(failure)
            return Made(
                failure.id,
                _properties(failure.properties),
                _properties(failure.inputs) if failure.HasField("inputs") else None,
                failure.refresh_before_update,
                list(failure.reasons),
            )
    return None


def missing_keys(error: RpcError) -> list[tuple[str, str]]:
    """(name, description) of the configuration that a provider misses."""
    found: list[tuple[str, str]] = []
    for detail in _details(error):
        if detail.Is(provider_pb2.ConfigureErrorMissingKeys.DESCRIPTOR):
            missing = provider_pb2.ConfigureErrorMissingKeys()
            detail.Unpack(missing)
            found.extend((key.name, key.description) for key in missing.missingKeys)
    return found


def _properties(struct: struct_pb2.Struct) -> Properties:
    return from_struct(struct, EVERYTHING)


def _details(error: RpcError) -> Iterable[any_pb2.Any]:
    value = error.trailers.get(_DETAILS)
    if not isinstance(value, bytes):
        return ()
    return cast("Iterable[any_pb2.Any]", status_pb2.Status.FromString(value).details)
