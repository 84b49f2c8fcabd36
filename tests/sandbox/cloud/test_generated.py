"""Values that live in the engine's state alone: random and tls."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from sandbox.cloud.wire.values import UNKNOWN, Secret
from tests.sandbox.cloud.client import RefusedInputsError, Standing
from tests.sandbox.cloud.conftest import ServedCloud

PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105 -- a type's name
KEY = "tls:index/privateKey:PrivateKey"


def _revealed(standing: Standing, name: str) -> str:
    value = standing.outputs[name]
    assert isinstance(value, Secret)
    assert isinstance(value.value, str)
    return value.value


async def test_password_keeps_to_its_classes_and_is_secret(cloud: ServedCloud) -> None:
    """A password has the wanted length and characters, and is a secret output."""
    random = await cloud.engine("random")
    made = await random.create(PASSWORD, "p", length=20, special=False, minNumeric=5)
    drawn = _revealed(made, "result")
    assert len(drawn) == 20
    assert drawn.isalnum()
    assert sum(letter.isdigit() for letter in drawn) >= 5


async def test_value_is_read_back_from_the_state(cloud: ServedCloud) -> None:
    """A refresh changes nothing, and only a change of the inputs makes a new value."""
    random = await cloud.engine("random")
    made = await random.create("random:index/randomPet:RandomPet", "p")
    read = await random.read(made)
    assert read is not None
    assert read.outputs == made.outputs
    assert not (await random.diff(made)).diffs
    assert list((await random.diff(made, length=3)).replaces) == ["length"]


async def test_missing_length_is_refused(cloud: ServedCloud) -> None:
    """A password without a length is refused."""
    random = await cloud.engine("random")
    with pytest.raises(RefusedInputsError):
        await random.check(PASSWORD, "p", {})
    assert (await random.preview(PASSWORD, "p", length=8))["result"] == Secret(UNKNOWN)


@pytest.mark.parametrize("algorithm", ["RSA", "ECDSA", "ED25519"])
async def test_key_signs_a_certificate(cloud: ServedCloud, algorithm: str) -> None:
    """A key of each algorithm is a key, and signs a certificate for its names."""
    tls = await cloud.engine("tls")
    key = await tls.create(KEY, "k", algorithm=algorithm)
    pem = _revealed(key, "privateKeyPem")
    assert serialization.load_pem_private_key(pem.encode(), password=None)
    certificate = await tls.create(
        "tls:index/selfSignedCert:SelfSignedCert",
        "c",
        privateKeyPem=Secret(pem),
        allowedUses=["server_auth"],
        validityPeriodHours=24,
        dnsNames=["app.test"],
        subject={"commonName": "app.test"},
    )
    read = x509.load_pem_x509_certificate(certificate.text("certPem").encode())
    assert read.subject.rfc4514_string() == "CN=app.test"
