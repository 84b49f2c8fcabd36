"""Where webhooks may go."""

from ipaddress import ip_address

import pytest

from service.webhooks.errors import TargetRefusedError, UnresolvableTargetError
from service.webhooks.targets import TargetRules, is_public

PUBLIC = TargetRules()


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/berth",
        "ftp://hooks.example.com/berth",
        "https://",
        "https://user:password@hooks.example.com/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[fe80::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "not a url",
        "https://foo..bar/",
        "https://.example.com/",
        f"https://{'a' * 64}.example.com/",
    ],
)
def test_address_is_refused_before_it_is_recorded(url: str) -> None:
    """What is not https to a public host is refused, however the address is written."""
    with pytest.raises(TargetRefusedError):
        PUBLIC.check_url(url)


@pytest.mark.parametrize(
    "url",
    ["https://hooks.example.com/berth", "https://hooks.example.com./", "https://93.184.216.34:8443/x?y=z"],
)
def test_public_address_is_taken(url: str) -> None:
    """A public host by https is taken, with any port and path."""
    assert str(PUBLIC.check_url(url)) == url


async def test_name_that_resolves_to_a_private_address_is_refused() -> None:
    """What a name stands for is looked at, not the name: localhost is this machine."""
    with pytest.raises(TargetRefusedError, match="which is not a public address"):
        await PUBLIC.resolve("https://localhost/hook")


async def test_connection_goes_to_the_address_that_was_checked() -> None:
    """The URL that is connected to has the address; host header and certificate keep the name."""
    target = await TargetRules(("127.0.0.0/8", "::1/128")).resolve("http://localhost:8080/hook?x=1")
    assert is_public(target.address) is False
    assert target.connect_url.host == str(target.address)
    assert target.connect_url.raw_path == b"/hook?x=1"
    assert target.host_header == "localhost:8080"
    assert target.server_name == "localhost"


async def test_name_that_does_not_resolve_may_later() -> None:
    """It is an error of the moment, not a refusal."""
    with pytest.raises(UnresolvableTargetError):
        await PUBLIC.resolve("https://nothing.invalid/hook")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("224.0.0.1", False),
        ("ff02::1", False),
        ("255.255.255.255", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::808:808", False),
        ("192.0.0.192", False),
        ("192.88.99.1", False),
        ("fec0::1", False),
        ("::8.8.8.8", False),
        ("::ffff:8.8.8.8", True),
        ("2002:808:808::1", True),
        ("2001:0:808:808::1", False),
        ("2001:20::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
    ],
)
def test_public_is_what_the_internet_routes(address: str, *, public: bool) -> None:
    """Private, link-local, multicast and embedded private addresses are not public."""
    assert is_public(ip_address(address)) is public
