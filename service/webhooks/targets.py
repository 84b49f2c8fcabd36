"""Where webhooks may go: to public addresses, found out anew for each attempt.

The address that was checked is the one that is connected to, so that a name cannot resolve to another one in
between. What the settings allow besides (`webhook_private_targets`) is for receivers in one's own network.
"""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from service.core.errors import FieldError
from service.webhooks.errors import TargetRefusedError, UnresolvableTargetError

Address = IPv4Address | IPv6Address
NAT64 = IPv6Network("64:ff9b::/96")
"""Addresses that stand for IPv4 ones behind a translator (RFC 6052)."""

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is given out for the public internet (RFC 4291, 2.4; the IANA's IPv6 address space).

Outside lie what a network translates for itself (64:ff9b:1::/48, RFC 8215), site-local addresses (fec0::/10,
RFC 3879) and IPv4-compatible ones (::/96, RFC 4291, 2.5.5.1), some of which `is_global` takes for global.
"""

NOBODYS = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments (RFC 6890), also those that are global
        "192.88.99.0/24",  # relays of 6to4, given up (RFC 7526)
        "2001::/23",  # protocol assignments, Teredo's tunnels among them (RFC 2928, RFC 4380)
        "3fff::/20",  # documentation (RFC 9637)
    )
)
"""Special networks that no receiver is in, whatever `is_global` says."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address to connect to, and how the request names its host."""

    url: httpx.URL
    address: Address

    @property
    def connect_url(self) -> httpx.URL:
        """The URL with the address in the host's place."""
        return self.url.copy_with(host=str(self.address))

    @property
    def host_header(self) -> str:
        """What the `Host` header says: the name as it was given, and its port where that is unusual."""
        return self.url.netloc.decode()

    @property
    def server_name(self) -> str:
        """The name that the certificate must be for."""
        return self.url.raw_host.decode()


class TargetRules:
    """Which addresses are refused; `allowed` networks are private ones that may be reached."""

    def __init__(self, allowed: tuple[str, ...] = ()) -> None:
        self._allowed = tuple(ip_network(network, strict=False) for network in allowed)

    def check_url(self, text: str) -> httpx.URL:
        """Check what can be checked without a resolver; raise TargetRefusedError."""
        try:
            url = httpx.URL(text)
        except httpx.InvalidURL as error:
            raise _refused(f"not a URL: {error}") from error
        if url.scheme not in ("https", "http") or not url.host:
            raise _refused("write an https URL")
        if url.userinfo:
            raise _refused("credentials do not belong in the URL; the signature proves who sends")
        if not _can_be_asked_for(url):
            raise _refused(f"{url.host} is no host name: each of its labels has 1 to 63 characters")
        literal = _literal(url.host)
        if literal is not None:
            self._check_address(literal, url)
        elif url.scheme == "http" and not self._allowed:
            raise _refused("http is sent in the clear; write an https URL")
        return url

    async def resolve(self, text: str) -> Target:
        """Find an address of the URL's host that may be connected to.

        Raises:
            TargetRefusedError: one of its addresses is private, or the URL is refused.
            UnresolvableTargetError: the name does not resolve now.
        """
        url = self.check_url(text)
        addresses = await _addresses(url)
        for address in addresses:
            self._check_address(address, url)
        return Target(url, addresses[0])

    def _check_address(self, address: Address, url: httpx.URL) -> None:
        if any(address in network for network in self._allowed if network.version == address.version):
            return
        if not is_public(address):
            raise _refused(f"{url.host} is {address}, which is not a public address")
        if url.scheme != "https":
            raise _refused("http is sent in the clear; write an https URL")


def is_public(address: Address) -> bool:
    """Say whether an address is of the public internet, also behind what embeds IPv4 in IPv6."""
    if isinstance(address, IPv6Address):
        embedded = _embedded(address)
        if embedded is not None:
            return is_public(embedded)
        if address not in GLOBAL_UNICAST:
            return False
    is_nobodys = any(address in network for network in NOBODYS if network.version == address.version)
    return address.is_global and not address.is_multicast and not is_nobodys


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _can_be_asked_for(url: httpx.URL) -> bool:
    """Say whether a resolver can be asked for the host: labels have 1 to 63 octets (RFC 1035, 2.3.4)."""
    try:
        url.raw_host.decode("ascii").encode("idna")
    except UnicodeError:
        return False
    return True


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


async def _addresses(url: httpx.URL) -> list[Address]:
    port = url.port or (443 if url.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(url.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnresolvableTargetError(f"{url.host} does not resolve") from error
    return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _refused(message: str) -> TargetRefusedError:
    fields = (FieldError(pointer="/url", message=message, code="target_refused"),)
    return TargetRefusedError(message, fields=fields)
