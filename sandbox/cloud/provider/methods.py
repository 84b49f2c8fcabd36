"""Which method of the service answers which call of the protocol."""

# grpc-stubs leaves the type parameters of its server functions open
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from typing import TypeAlias

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from pulumi.runtime.proto import plugin_pb2
from pulumi.runtime.proto import provider_pb2 as rpc

from sandbox.cloud.provider.servicer import ProviderService

Handler: TypeAlias = "grpc.GenericRpcHandler[Message, Message]"

_SERVICE = "pulumirpc.ResourceProvider"


def handler_of(service: ProviderService) -> Handler:
    """The gRPC handler of a provider service; what is not named here is answered UNIMPLEMENTED."""
    methods = (
        ("Handshake", service.handshake, rpc.ProviderHandshakeRequest, rpc.ProviderHandshakeResponse),
        ("Attach", service.attach, plugin_pb2.PluginAttach, Empty),
        ("GetPluginInfo", service.get_plugin_info, Empty, plugin_pb2.PluginInfo),
        ("Cancel", service.cancel, Empty, Empty),
        ("CheckConfig", service.check_config, rpc.CheckRequest, rpc.CheckResponse),
        ("DiffConfig", service.diff_config, rpc.DiffRequest, rpc.DiffResponse),
        ("Configure", service.configure, rpc.ConfigureRequest, rpc.ConfigureResponse),
        ("Check", service.check, rpc.CheckRequest, rpc.CheckResponse),
        ("Diff", service.diff, rpc.DiffRequest, rpc.DiffResponse),
        ("Create", service.create, rpc.CreateRequest, rpc.CreateResponse),
        ("Read", service.read, rpc.ReadRequest, rpc.ReadResponse),
        ("Update", service.update, rpc.UpdateRequest, rpc.UpdateResponse),
        ("Delete", service.delete, rpc.DeleteRequest, Empty),
        ("Invoke", service.invoke, rpc.InvokeRequest, rpc.InvokeResponse),
        ("Construct", service.construct, rpc.ConstructRequest, rpc.ConstructResponse),
    )
    return grpc.method_handlers_generic_handler(
        _SERVICE,
        {
            name: grpc.unary_unary_rpc_method_handler(
                answer,
                request_deserializer=request.FromString,
                response_serializer=response.SerializeToString,
            )
            for name, answer, request, response in methods
        },
    )
