"""Runs a program without an engine and records what it registers."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

import pulumi
import pulumi.runtime
from google.protobuf import json_format, struct_pb2
from google.protobuf.message import Message
from pulumi.runtime import rpc, settings
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_in_stack

from programs.facts import Cloud, Facts
from programs.program import program_for
from programs.request import parse_request
from tests.programs.existing import FACTS_OF_SUBNETS

FACTS = Facts(
    environment_id="env_0190b2c4",
    cloud=Cloud.SANDBOX,
    account_id="123456789012",
    region="us-east-1",
    availability_zone_names=("us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"),
    existing_subnets=FACTS_OF_SUBNETS,
)


KUBECONFIG = json.dumps(
    {
        "clusters": [
            {
                "cluster": {
                    "server": "https://0123456789ABCDEF.eks.us-east-1.amazonaws.com",
                    "certificate-authority-data": "Y2VydGlmaWNhdGU=",
                }
            }
        ]
    }
)
"""What the EKS component says of a cluster's API, as far as a program reads it."""


@dataclass(frozen=True)
class Registered:
    """One resource as the program registered it."""

    type: str
    name: str
    parent: str
    inputs: dict[str, object]
    ignored_changes: tuple[str, ...]
    dependencies: tuple[str, ...]
    provider: str
    is_component: bool
    urn: str = ""
    deleted_with: str = ""


@dataclass
class Recording:
    """All that a program registered, and its outputs."""

    resources: list[Registered] = field(default_factory=list)
    outputs: dict[str, object] = field(default_factory=dict)

    def of_type(self, token: str) -> list[Registered]:
        """Return the resources of a type, in the order of their names."""
        found = [resource for resource in self.resources if resource.type == token]
        return sorted(found, key=lambda resource: resource.name)

    def one(self, token: str, name: str) -> Registered:
        """Return the resource of that type and name."""
        (found,) = [resource for resource in self.of_type(token) if resource.name == name]
        return found

    def before(self, resource: Registered) -> set[str]:
        """Return the URNs of all that the engine makes before a resource, however many steps before."""
        dependencies = {one.urn: one.dependencies for one in self.resources}
        found: set[str] = set()
        waiting = [resource.urn]
        while waiting:
            fresh = set(dependencies.get(waiting.pop(), ())) - found
            found |= fresh
            waiting += fresh
        return found

    def custom(self) -> list[Registered]:
        """Return everything that is made in a cloud: no components, no stack, no providers."""
        return [
            resource
            for resource in self.resources
            if not resource.is_component and not resource.type.startswith("pulumi:")
        ]


class _NoCalls(Mocks):
    """What the SDK insists on having; resources are answered by the monitor, and nothing is looked up."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, object]]:
        raise AssertionError(f"answered by the monitor: {args.name}")

    def call(self, args: MockCallArgs) -> dict[str, object]:
        raise AssertionError(f"a program looks nothing up: {args.token}")


def _computed(name: str) -> dict[str, object]:
    """Return the outputs that resources read of each other, the same for every type."""
    return {
        "arn": f"arn:aws:mock:us-east-1:123456789012:{name}",
        "serviceArn": f"arn:aws:mock:us-east-1:123456789012:{name}",
        "ingressPaths": [{"accessType": "PUBLIC", "endpoint": f"{name}.ecs.example.com"}],
        "arnSuffix": f"suffix/{name}/0123",
        "dnsName": f"{name}.elb.example.com",
        "zoneId": "Z0123",
        "keyId": f"key-{name}",
        "latestVersion": 1,
        "name": name,
        "certificateSigningRequest": "request",
        "certificate": "certificate",
        "certificateChain": "chain",
        "kubeconfigJson": KUBECONFIG,
        "oidcIssuer": "oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF",
        "clusterSecurityGroupId": "sg-0123456789abcdef0",
    }


class _Monitor(MockMonitor):
    def __init__(self, recording: Recording) -> None:
        super().__init__(_NoCalls())
        self._recording = recording

    def RegisterResource(  # noqa: N802 -- the name of the call
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        urn = self.make_urn(request.parent, request.type, request.name)
        registered = Registered(
            type=request.type,
            name=request.name,
            parent=request.parent,
            inputs=_plain(request.object),
            ignored_changes=tuple(request.ignoreChanges),
            dependencies=tuple(sorted(request.dependencies)),
            provider=request.provider,
            is_component=not request.custom,
            urn=urn,
            deleted_with=request.deletedWith,
        )
        self._recording.resources.append(registered)
        if not request.custom and not request.remote:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        state = _computed(request.name) | registered.inputs
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=f"{request.name}-id", object=_serialized(state)
        )

    def RegisterResourceOutputs(  # noqa: N802 -- the name of the call
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> object:
        if "pulumi:pulumi:Stack" in request.urn and "$" not in request.urn:
            self._recording.outputs.update(_plain(request.outputs))
        return super().RegisterResourceOutputs(request)


def _serialized(state: dict[str, object]) -> struct_pb2.Struct:
    """Write outputs as they travel.

    The monitor's own method leaves an open event loop behind in each thread that calls it, and `asyncio.run`
    searches all tasks of the process for its own: other tests have left thousands.
    """
    with closing(asyncio.new_event_loop()) as loop:
        return loop.run_until_complete(rpc.serialize_properties(state, {}))


def _plain(struct: Message) -> dict[str, object]:
    """What travelled, as plain data: a component's arguments may refer to resources, which show as URNs."""
    return {key: _shown(value) for key, value in json_format.MessageToDict(struct).items()}


def _shown(value: object) -> object:
    """Numbers travel as floating point; whole ones are shown as people wrote them."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        if rpc._special_sig_key in value:  # noqa: SLF001 -- how Pulumi marks secrets and references
            return _shown(value["urn"] if "urn" in value else value.get("value"))
        return {key: _shown(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_shown(part) for part in value]
    return value


def record(program: Callable[[], None]) -> Recording:
    """Run the program to its end and return what it registered.

    Raises:
        Exception: whatever the program raises.
    """
    recording = Recording()
    asyncio.run(_run(program, recording))
    return recording


def plan(document: Mapping[str, object], facts: Facts = FACTS) -> Recording:
    """Return what the program makes of a document."""
    return record(program_for(parse_request(document), facts))


async def _run(program: Callable[[], None], recording: Recording) -> None:
    settings.SETTINGS.rpc_manager.clear()
    settings.SETTINGS.outputs.clear()
    pulumi.runtime.set_mocks(_NoCalls(), "environments", "test", preview=False, monitor=_Monitor(recording))
    # The mocks bring a stack of their own, already closed; the program's outputs need an open one.
    settings.set_root_resource(None)
    await run_in_stack(program)
