"""A small cloud of named things behind a real ResourceProvider, for stating what an engine does with one."""

# ruff: noqa: N802, ARG002 -- names and signatures are the protocol's

import threading
import time
from collections.abc import Callable, Mapping
from concurrent import futures
from dataclasses import dataclass, field
from typing import TypeAlias

import grpc
from google.protobuf import any_pb2, empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import (
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
    status_pb2,
)

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 -- marks secrets, is none
SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"

Context: TypeAlias = grpc.ServicerContext
Json = None | bool | float | str | list["Json"] | dict[str, "Json"]


def to_plain(struct: struct_pb2.Struct) -> dict[str, Json]:
    """The struct as JSON values, secrets kept in their envelope."""
    return json_format.MessageToDict(struct)


def to_struct(values: Mapping[str, Json]) -> struct_pb2.Struct:
    """JSON values as a struct."""
    struct = struct_pb2.Struct()
    json_format.ParseDict(dict(values), struct)
    return struct


def bare(value: Json) -> Json:
    """The value without secret envelopes."""
    if isinstance(value, dict):
        if value.get(SIGNATURE_KEY) == SECRET_SIGNATURE:
            return bare(value["value"])
        return {key: bare(item) for key, item in value.items()}
    if isinstance(value, list):
        return [bare(item) for item in value]
    return value


@dataclass
class Call:
    """One request as the provider received it."""

    method: str
    name: str
    type: str
    preview: bool = False
    timeout_seconds: float = 0
    request: object = None


@dataclass
class Cloud:
    """What stands, what was asked for, and the faults to come."""

    things: dict[str, dict[str, Json]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)
    gates: dict[tuple[str, str], threading.Event] = field(default_factory=dict)
    entered: dict[tuple[str, str], threading.Event] = field(default_factory=dict)
    latency_seconds: float = 0
    concurrency_peak: int = 0
    _running: int = 0
    _serial: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def names(self) -> list[str]:
        """Names of everything that stands, sorted."""
        return sorted(str(thing["_name"]) for thing in self.things.values())

    def thing(self, name: str) -> dict[str, Json]:
        """The one thing of that name; its id tells how many were made before it, which varies."""
        (found,) = [thing for thing in self.things.values() if thing["_name"] == name]
        return found

    def called(self, method: str) -> list[str]:
        """Names for which a method was called outside previews, in order."""
        return [call.name for call in self.calls if call.method == method and not call.preview]

    def hold(self, method: str, name: str) -> threading.Event:
        """Make a call wait until the returned event is set; `entered` tells when it has arrived."""
        gate = self.gates[(method, name)] = threading.Event()
        self.entered[(method, name)] = threading.Event()
        return gate

    def add(self, name: str, values: Mapping[str, Json]) -> str:
        """Put a thing into the cloud and answer its id."""
        with self._lock:
            self._serial += 1
            identity = f"{name}-{self._serial}"
            self.things[identity] = {**values, "_name": name}
            return identity

    def attend(self, call: Call) -> str | None:
        """Record a call, wait as told, and answer the fault planned for it."""
        with self._lock:
            self.calls.append(call)
        if call.preview:
            return None
        with self._lock:
            self._running += 1
            self.concurrency_peak = max(self.concurrency_peak, self._running)
        key = (call.method, call.name)
        if key in self.gates:
            self.entered[key].set()
            self.gates[key].wait(30)
        elif self.latency_seconds:
            time.sleep(self.latency_seconds)
        with self._lock:
            self._running -= 1
        return self.faults.get(key)


def _abort_half_made(
    context: grpc.ServicerContext, identity: str, properties: struct_pb2.Struct, reason: str
) -> None:
    detail = any_pb2.Any()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=identity, properties=properties, reasons=[reason], inputs=properties
        )
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason, details=[detail])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, reason)


class ThingProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves `test:index:Thing`, `test:index:Box` (a component) and `test:index:echo`.

    Inputs named `replace*` force replacement, `dbr` asks for deletion first, `bad` is refused by Check,
    `default` is filled in when missing.
    """

    def __init__(self, cloud: Cloud, *, accepts_secrets: bool = True) -> None:
        self.cloud = cloud
        self.accepts_secrets = accepts_secrets
        self.configurations: list[dict[str, Json]] = []

    def GetPluginInfo(self, request: empty_pb2.Empty, context: Context) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version="1.2.3")

    def Attach(self, request: plugin_pb2.PluginAttach, context: Context) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Cancel(self, request: empty_pb2.Empty, context: Context) -> empty_pb2.Empty:
        self.cloud.calls.append(Call("cancel", "", ""))
        for gate in self.cloud.gates.values():
            gate.set()
        return empty_pb2.Empty()

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: Context
    ) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=self.accepts_secrets, accept_resources=True, accept_outputs=True
        )

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: Context) -> provider_pb2.CheckResponse:
        if "bad" in request.news:
            return provider_pb2.CheckResponse(
                failures=[provider_pb2.CheckFailure(property="bad", reason="is not wanted")]
            )
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: Context) -> provider_pb2.DiffResponse:
        return self._difference(to_plain(request.old_inputs), to_plain(request.news))

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Context
    ) -> provider_pb2.ConfigureResponse:
        self.configurations.append(to_plain(request.args))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=self.accepts_secrets, supportsPreview=True, acceptResources=True, acceptOutputs=True
        )

    def Check(self, request: provider_pb2.CheckRequest, context: Context) -> provider_pb2.CheckResponse:
        self.cloud.calls.append(Call("check", request.name, request.type, preview=True, request=request))
        news = to_plain(request.news)
        if "bad" in news:
            failure = provider_pb2.CheckFailure(property="bad", reason="is not wanted")
            return provider_pb2.CheckResponse(inputs=request.news, failures=[failure])
        if "default" in to_plain(request.olds) and "default" not in news:
            news["default"] = to_plain(request.olds)["default"]
        if news.get("default", "") is None:
            news["default"] = "filled"
        return provider_pb2.CheckResponse(inputs=to_struct(news))

    def Diff(self, request: provider_pb2.DiffRequest, context: Context) -> provider_pb2.DiffResponse:
        self.cloud.calls.append(Call("diff", request.name, request.type, preview=True, request=request))
        return self._difference(to_plain(request.old_inputs), to_plain(request.news))

    @staticmethod
    def _difference(olds: dict[str, Json], news: dict[str, Json]) -> provider_pb2.DiffResponse:
        changed = sorted(key for key in {*olds, *news} if bare(olds.get(key)) != bare(news.get(key)))
        replaces = [key for key in changed if key.startswith("replace")]
        detailed: dict[str, provider_pb2.PropertyDiff] = {}
        for key in changed:
            kind = "ADD" if key not in olds else "DELETE" if key not in news else "UPDATE"
            kind += "_REPLACE" if key in replaces else ""
            detailed[key] = provider_pb2.PropertyDiff(
                kind=provider_pb2.PropertyDiff.Kind.Value(kind), inputDiff=True
            )
        some = provider_pb2.DiffResponse.DiffChanges.DIFF_SOME
        none = provider_pb2.DiffResponse.DiffChanges.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=some if changed else none,
            diffs=changed,
            replaces=replaces,
            deleteBeforeReplace=bool(bare(news.get("dbr"))),
            detailedDiff=detailed,
            hasDetailedDiff=True,
        )

    def Create(self, request: provider_pb2.CreateRequest, context: Context) -> provider_pb2.CreateResponse:
        call = Call("create", request.name, request.type, request.preview, request.timeout, request)
        fault = self.cloud.attend(call)
        inputs = to_plain(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct({**inputs, "arn": UNKNOWN}))
        if fault and not fault.startswith("partial"):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, fault)
        identity = self.cloud.add(request.name, inputs)
        outputs = to_struct({**inputs, "arn": f"arn:{identity}"})
        if fault:
            _abort_half_made(context, identity, outputs, fault)
        return provider_pb2.CreateResponse(id=identity, properties=outputs)

    def Update(self, request: provider_pb2.UpdateRequest, context: Context) -> provider_pb2.UpdateResponse:
        call = Call("update", request.name, request.type, request.preview, request.timeout, request)
        fault = self.cloud.attend(call)
        outputs = {**to_plain(request.news), "arn": f"arn:{request.id}"}
        if request.preview:
            return provider_pb2.UpdateResponse(properties=to_struct(outputs))
        if fault and not fault.startswith("partial"):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, fault)
        self.cloud.things[request.id] = {**to_plain(request.news), "_name": request.name}
        if fault:
            _abort_half_made(context, request.id, to_struct(outputs), fault)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def Read(self, request: provider_pb2.ReadRequest, context: Context) -> provider_pb2.ReadResponse:
        fault = self.cloud.attend(Call("read", request.name, request.type, request=request))
        if fault:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, fault)
        thing = self.cloud.things.get(request.id)
        if thing is None:
            return provider_pb2.ReadResponse()
        inputs = {key: value for key, value in thing.items() if key != "_name"}
        return provider_pb2.ReadResponse(
            id=request.id,
            inputs=to_struct(inputs),
            properties=to_struct({**inputs, "arn": f"arn:{request.id}"}),
        )

    def Delete(self, request: provider_pb2.DeleteRequest, context: Context) -> empty_pb2.Empty:
        call = Call("delete", request.name, request.type, timeout_seconds=request.timeout, request=request)
        fault = self.cloud.attend(call)
        if fault:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, fault)
        self.cloud.things.pop(request.id, None)
        return empty_pb2.Empty()

    def Invoke(self, request: provider_pb2.InvokeRequest, context: Context) -> provider_pb2.InvokeResponse:
        self.cloud.attend(Call("invoke", request.tok, "", request.preview, request=request))
        args = to_plain(request.args)
        if args.get("refuse"):
            failure = provider_pb2.CheckFailure(property="refuse", reason="as asked")
            return provider_pb2.InvokeResponse(failures=[failure])
        if args.get("raise"):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the function broke")
        return provider_pb2.InvokeResponse(**{"return": to_struct({"echo": args})})

    def Construct(
        self, request: provider_pb2.ConstructRequest, context: Context
    ) -> provider_pb2.ConstructResponse:
        self.cloud.calls.append(Call("construct", request.name, request.type, preview=True, request=request))
        with grpc.insecure_channel(request.monitorEndpoint) as channel:
            monitor = resource_pb2_grpc.ResourceMonitorStub(channel)
            box = monitor.RegisterResource(
                resource_pb2.RegisterResourceRequest(
                    type=request.type,
                    name=request.name,
                    parent=request.parent,
                    object=request.inputs,
                    aliases=request.aliases,
                    providers=request.providers,
                    acceptSecrets=True,
                    acceptResources=True,
                    supportsPartialValues=True,
                    supportsResultReporting=True,
                )
            )
            thing = monitor.RegisterResource(
                resource_pb2.RegisterResourceRequest(
                    type="test:index:Thing",
                    name=f"{request.name}-content",
                    parent=box.urn,
                    custom=True,
                    object=to_struct({"value": to_plain(request.inputs).get("value", "empty")}),
                    acceptSecrets=True,
                    acceptResources=True,
                    supportsPartialValues=True,
                    supportsResultReporting=True,
                )
            )
            state = to_struct({"content": to_plain(thing.object).get("arn", UNKNOWN)})
            monitor.RegisterResourceOutputs(
                resource_pb2.RegisterResourceOutputsRequest(urn=box.urn, outputs=state)
            )
        return provider_pb2.ConstructResponse(urn=box.urn, state=state)

    def Call(self, request: provider_pb2.CallRequest, context: Context) -> provider_pb2.CallResponse:
        self.cloud.calls.append(Call("call", request.tok, "", preview=True, request=request))
        args = {key: value for key, value in to_plain(request.args).items() if key != "__self__"}
        return provider_pb2.CallResponse(**{"return": to_struct({"answer": args})})


@dataclass
class Served:
    """A running provider, its cloud and where to attach."""

    cloud: Cloud
    provider: ThingProvider
    port: int
    stop: Callable[[], None]


def serve(*, accepts_secrets: bool = True) -> Served:
    """Start a provider on a free port of 127.0.0.1."""
    cloud = Cloud()
    provider = ThingProvider(cloud, accepts_secrets=accepts_secrets)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=64))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return Served(cloud, provider, port, lambda: server.stop(0).wait(5) and None)
