"""Function calls checked against the SDK and answered: by a function of our own, or by resource type."""

from collections.abc import Callable, Mapping

from sandbox.cloud.aws.functions import accounts, network, parameters, platform, policies
from sandbox.cloud.aws.functions.call import Invocation
from sandbox.cloud.aws.functions.lookup import looked_up
from sandbox.cloud.provider.checking import checked_against
from sandbox.cloud.provider.errors import UnknownTokenError
from sandbox.cloud.provider.model import InvokeAnswer
from sandbox.cloud.sdk.package import SdkPackage
from sandbox.cloud.wire.values import Properties

__all__ = ["Invocation", "answer"]

_FUNCTIONS: Mapping[str, Callable[[Invocation], Properties]] = {
    **accounts.FUNCTIONS,
    **network.FUNCTIONS,
    **parameters.FUNCTIONS,
    **platform.FUNCTIONS,
    **policies.FUNCTIONS,
}


def answer(package: SdkPackage, invocation: Invocation) -> InvokeAnswer:
    """Answer a function call."""
    spec = package.function(invocation.token)
    if spec is None:
        raise UnknownTokenError(f"unknown function {invocation.token}")
    arguments, failures = checked_against(package.object_type, spec.inputs, invocation.arguments)
    if failures:
        return InvokeAnswer({}, tuple(failures))
    call = Invocation(invocation.token, arguments, invocation.around, invocation.inventory)
    function = _FUNCTIONS.get(invocation.token)
    result = function(call) if function else looked_up(package, spec, call)
    given = {name: value for name, value in arguments.items() if name in spec.outputs.properties}
    return InvokeAnswer({"region": call.around.region, **given, **result})
