"""Where attached providers listen."""

from collections.abc import Mapping

from sandbox.engine.errors import EngineError

ATTACH_VARIABLE = "PULUMI_DEBUG_PROVIDERS"


def attached_ports(environment: Mapping[str, str]) -> dict[str, int]:
    """Port by package of the providers that PULUMI_DEBUG_PROVIDERS names (`name:port,name:port`).

    Raises:
        EngineError: if it cannot be read.
    """
    ports: dict[str, int] = {}
    for item in filter(None, environment.get(ATTACH_VARIABLE, "").split(",")):
        package, _, port = item.rpartition(":")
        if not package or not port.isdecimal():
            raise EngineError(f"Expected a numeric port, got {port} in {ATTACH_VARIABLE}")
        ports[package] = int(port)
    return ports
