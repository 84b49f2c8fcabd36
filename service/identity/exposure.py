"""Keeps an installation without authentication on its own machine."""

import ipaddress

from service.core.errors import ConfigurationError
from service.settings import Settings


def check_exposure(settings: Settings) -> None:
    """Raise ConfigurationError where others could reach the service and nobody must prove who they are."""
    if settings.authenticates or is_loopback(settings.host):
        return
    raise ConfigurationError(
        f"others could reach {settings.host}, and nothing says who may call",
        hint="set BERTH_OIDC__ISSUER and BERTH_OIDC__AUDIENCE, or BERTH_ADMIN_TOKEN to at least 32 random "
        "characters (openssl rand -hex 32); or keep to this machine with BERTH_HOST=127.0.0.1",
    )


def is_loopback(host: str) -> bool:
    """Whether an address is reached from its own machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
