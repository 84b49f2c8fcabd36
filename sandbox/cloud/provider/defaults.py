"""What a provider does where its package has nothing of its own to say."""

from pulumi.runtime.proto import provider_pb2 as rpc

from sandbox.cloud.provider.comparing import Comparing
from sandbox.cloud.provider.errors import UnknownTokenError
from sandbox.cloud.provider.model import Checked, Difference, InvokeAnswer, Session
from sandbox.cloud.wire.values import Properties


class ProviderDefaults:
    """A provider without settings, functions and components."""

    @property
    def accepts_references(self) -> bool:
        """Resources among the inputs come as ids."""
        return False

    def check_configuration(self, news: Properties) -> Checked:
        """Accept a provider instance's settings."""
        return Checked(news)

    def diff_configuration(self, olds: Properties, news: Properties) -> Difference:
        """Compare settings; no change of them needs a new resource."""
        comparing = Comparing(is_map=lambda _path: True, is_computed=lambda name: name == "version")
        return Difference(tuple(comparing.changes(olds, olds, news)))

    async def invoke(self, session: Session, token: str, arguments: Properties) -> InvokeAnswer:
        """Refuse a function that the package does not have."""
        del session, arguments
        raise UnknownTokenError(f"unknown function {token}")

    async def construct(self, request: rpc.ConstructRequest) -> rpc.ConstructResponse:
        """Refuse a component that the package does not have."""
        raise UnknownTokenError(f"unknown component type {request.type}")

    def secret_outputs(self, type_: str) -> frozenset[str]:
        """No output is secret unless its input was."""
        del type_
        return frozenset()
