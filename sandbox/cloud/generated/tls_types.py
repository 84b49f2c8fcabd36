"""The types of the package `tls`: keys, and certificates that they sign."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from sandbox.cloud.generated.provider import GeneratedType
from sandbox.cloud.generated.spec import resource_spec
from sandbox.cloud.provider.errors import CloudError
from sandbox.cloud.wire.values import Properties, Value, object_of, text_of, texts_of

VERSION = "5.2.0"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

_CURVES: Mapping[str, ec.EllipticCurve] = {
    "P224": ec.SECP224R1(),
    "P256": ec.SECP256R1(),
    "P384": ec.SECP384R1(),
    "P521": ec.SECP521R1(),
}
_SUBJECT = {
    "commonName": NameOID.COMMON_NAME,
    "country": NameOID.COUNTRY_NAME,
    "organization": NameOID.ORGANIZATION_NAME,
    "organizationalUnit": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "province": NameOID.STATE_OR_PROVINCE_NAME,
    "locality": NameOID.LOCALITY_NAME,
}
_RSA_EXPONENT = 65537
_FIRST_HOURS = 24


def _private_key(inputs: Properties) -> Properties:
    key = _new_key(inputs)
    public = key.public_key()
    public_der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    # OpenSSH has no P224 keys: the provider leaves their outputs empty
    has_ssh = not (isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == "secp224r1")
    openssh = serialization.Encoding.OpenSSH
    ssh = public.public_bytes(openssh, serialization.PublicFormat.OpenSSH) if has_ssh else b""
    traditional = serialization.PrivateFormat.TraditionalOpenSSL
    pkcs8 = serialization.PrivateFormat.PKCS8
    is_edwards = isinstance(key, ed25519.Ed25519PrivateKey)
    return {
        "id": hashlib.sha1(public_der, usedforsecurity=False).hexdigest(),
        "privateKeyPem": _pem(key, pkcs8 if is_edwards else traditional),
        "privateKeyPemPkcs8": _pem(key, pkcs8),
        "privateKeyOpenssh": _pem(key, serialization.PrivateFormat.OpenSSH) if has_ssh else "",
        "publicKeyPem": pem.decode(),
        "publicKeyOpenssh": f"{ssh.decode()}\n" if has_ssh else "",
        "publicKeyFingerprintMd5": hashlib.md5(ssh, usedforsecurity=False).hexdigest() if has_ssh else "",
        "publicKeyFingerprintSha256": f"SHA256:{hashlib.sha256(ssh).hexdigest()}" if has_ssh else "",
    }


def _self_signed(inputs: Properties) -> Properties:
    key = _loaded(text_of(inputs, "privateKeyPem"))
    name, now = _name(object_of(inputs, "subject")), datetime.now(UTC)
    until = now + timedelta(hours=_hours(inputs))
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(inputs.get("isCaCertificate") is True, None), critical=True)
    )
    names = [x509.DNSName(item) for item in texts_of(inputs, "dnsNames")]
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = builder.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    return {
        "id": str(certificate.serial_number),
        "certPem": certificate.public_bytes(serialization.Encoding.PEM).decode(),
        "keyAlgorithm": _algorithm(key),
        "readyForRenewal": False,
        "validityStartTime": now.isoformat(),
        "validityEndTime": until.isoformat(),
    }


def _request(inputs: Properties) -> Properties:
    key = _loaded(text_of(inputs, "privateKeyPem"))
    builder = x509.CertificateSigningRequestBuilder().subject_name(_name(object_of(inputs, "subject")))
    request = builder.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    pem = request.public_bytes(serialization.Encoding.PEM).decode()
    return {
        "id": hashlib.sha256(pem.encode()).hexdigest(),
        "certRequestPem": pem,
        "keyAlgorithm": _algorithm(key),
    }


def _new_key(inputs: Properties) -> PrivateKey:
    algorithm = text_of(inputs, "algorithm")
    if algorithm == "ED25519":
        return ed25519.Ed25519PrivateKey.generate()
    if algorithm == "ECDSA":
        return ec.generate_private_key(_CURVES[text_of(inputs, "ecdsaCurve", "P224")])
    if algorithm == "RSA":
        bits = inputs.get("rsaBits")
        return rsa.generate_private_key(_RSA_EXPONENT, bits if isinstance(bits, int) else 2048)
    raise CloudError(f'expected algorithm to be one of ["RSA" "ECDSA" "ED25519"], got {algorithm}')


def _loaded(pem: str) -> PrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        return key
    raise CloudError("privateKeyPem holds a key of an algorithm that is not supported")


def _pem(key: PrivateKey, form: serialization.PrivateFormat) -> str:
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def _name(subject: Properties) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(oid, text_of(subject, name))
            for name, oid in _SUBJECT.items()
            if text_of(subject, name)
        ]
    )


def _hours(inputs: Properties) -> int:
    value = inputs.get("validityPeriodHours")
    return value if isinstance(value, int) else _FIRST_HOURS


def _algorithm(key: PrivateKey) -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        return "RSA"
    return "ECDSA" if isinstance(key, ec.EllipticCurvePrivateKey) else "ED25519"


_KEY_OUTPUTS = {
    "privateKeyPem": "text",
    "privateKeyPemPkcs8": "text",
    "privateKeyOpenssh": "text",
    "publicKeyPem": "text",
    "publicKeyOpenssh": "text",
    "publicKeyFingerprintMd5": "text",
    "publicKeyFingerprintSha256": "text",
}
_NAMES = {
    "dnsNames": "texts",
    "ipAddresses": "texts",
    "privateKeyPem": "text!",
    "subject": "any",
    "uris": "texts",
}
_SIGNED = {
    **_NAMES,
    "allowedUses": "texts!",
    "earlyRenewalHours": "whole",
    "isCaCertificate": "flag",
    "setAuthorityKeyId": "flag",
    "setSubjectKeyId": "flag",
    "validityPeriodHours": "whole!",
}
_NO_MARKS: Mapping[str, Value] = {"earlyRenewalHours": 0, "isCaCertificate": False}

TLS_TYPES: Mapping[str, GeneratedType] = {
    item.spec.token: item
    for item in (
        GeneratedType(
            resource_spec(
                "tls:index/privateKey:PrivateKey",
                {"algorithm": "text!", "ecdsaCurve": "text", "rsaBits": "whole"},
                _KEY_OUTPUTS,
                ("privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"),
            ),
            _private_key,
            {"ecdsaCurve": "P224", "rsaBits": 2048},
        ),
        GeneratedType(
            resource_spec(
                "tls:index/selfSignedCert:SelfSignedCert",
                _SIGNED,
                {
                    "certPem": "text",
                    "keyAlgorithm": "text",
                    "readyForRenewal": "flag",
                    "validityStartTime": "text",
                    "validityEndTime": "text",
                },
                ("privateKeyPem",),
            ),
            _self_signed,
            _NO_MARKS,
            frozenset({"earlyRenewalHours"}),
        ),
        GeneratedType(
            resource_spec(
                "tls:index/certRequest:CertRequest",
                _NAMES,
                {"certRequestPem": "text", "keyAlgorithm": "text"},
                ("privateKeyPem",),
            ),
            _request,
        ),
    )
}
