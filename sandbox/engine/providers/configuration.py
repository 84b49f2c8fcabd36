"""A provider's configuration as it is sent, and what providers answer to it."""

import json

from sandbox.engine.channels import RpcError
from sandbox.engine.properties.values import Properties, unwrap
from sandbox.engine.providers.faults import missing_keys, provider_error
from sandbox.engine.providers.model import ProviderError
from sandbox.engine.state.properties_json import Reveal, to_json


def configuration_variables(package: str, inputs: Properties) -> dict[str, str]:
    """The configuration as text by variable, for providers that read it that way."""
    variables: dict[str, str] = {}
    for key, value in inputs.items():
        if key == "version":
            continue
        plain = to_json(unwrap(value), Reveal())
        variables[f"{package}:config:{key}"] = plain if isinstance(plain, str) else json.dumps(plain)
    return variables


def configuration_error(error: RpcError) -> ProviderError:
    """What the provider misses or refuses."""
    lines = [
        f'missing required configuration key "{name}": {description}\n'
        f"Set a value using the command `pulumi config set {name} <value>`."
        for name, description in missing_keys(error)
    ]
    return ProviderError("\n".join(lines)) if lines else provider_error(error)
