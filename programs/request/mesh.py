"""How workloads find, trust and retry each other."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from programs.request.identifiers import CertificateAuthorityArn
from programs.request.strict import Boolean, Integer, StrictModel

_AUTHORITY = (
    "arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/11111111-2222-3333-4444-555555555555"
)


class MeshKind(StrEnum):
    """The meshes there are."""

    NONE = "none"
    SERVICE_CONNECT = "service_connect"
    VPC_LATTICE = "vpc_lattice"
    APP_MESH = "app_mesh"


RetryEvent = Annotated[
    str,
    StringConstraints(pattern=r"^(server-error|gateway-error|client-error|stream-error|connection-error)$"),
]
"""What is retried, as App Mesh names it (AWS App Mesh API, HttpRetryPolicy)."""


class MutualTls(StrictModel):
    """Both sides show a certificate."""

    certificate_authority_arn: CertificateAuthorityArn = Field(
        title="Certificate authority",
        description="AWS Private CA that issues the workloads' certificates.",
        examples=[_AUTHORITY],
    )


class Retries(StrictModel):
    """Which failed requests are tried again, and how often."""

    max: Integer = Field(
        default=2, title="Most retries", description="Tries after the first.", ge=0, le=10, examples=[3]
    )
    per_try_timeout_seconds: Integer = Field(
        default=2,
        title="Timeout of a try",
        description="Seconds one try may take.",
        ge=1,
        le=300,
        examples=[2],
    )
    events: tuple[RetryEvent, ...] = Field(
        default=("server-error", "gateway-error"),
        title="Events",
        description="server-error, gateway-error, client-error, stream-error, connection-error.",
        min_length=1,
        max_length=5,
        examples=[["server-error", "gateway-error"]],
    )


class OutlierDetection(StrictModel):
    """Takes a failing copy out for a while."""

    max_server_errors: Integer = Field(
        default=5,
        title="Errors",
        description="Server errors that take a copy out.",
        ge=1,
        le=1000,
        examples=[5],
    )
    interval_seconds: Integer = Field(
        default=10,
        title="Interval",
        description="Seconds over which they are counted.",
        ge=1,
        le=3600,
        examples=[10],
    )
    base_ejection_seconds: Integer = Field(
        default=30, title="Ejection", description="Seconds a copy stays out.", ge=1, le=3600, examples=[30]
    )
    max_ejection_percent: Integer = Field(
        default=50,
        title="Most ejected",
        description="Percent of copies out at once.",
        ge=1,
        le=100,
        examples=[50],
    )


class ConnectionPool(StrictModel):
    """How much a copy is given at once."""

    max_connections: Integer = Field(
        default=100,
        title="Connections",
        description="Connections open at once.",
        ge=1,
        le=100000,
        examples=[100],
    )
    max_pending_requests: Integer = Field(
        default=100,
        title="Pending",
        description="Requests waiting for a connection.",
        ge=1,
        le=100000,
        examples=[100],
    )


class Mesh(StrictModel):
    """The service mesh, if any."""

    kind: MeshKind = Field(
        default=MeshKind.NONE,
        title="Kind",
        description="`none`, `service_connect` (ECS), `vpc_lattice` (EKS), or `app_mesh` (both; AWS ended it "
        "on 2026-09-30, so it runs in the sandbox alone).",
        examples=["service_connect"],
    )
    tls: Boolean = Field(
        default=False,
        title="TLS",
        description="Whether traffic between workloads is encrypted.",
        examples=[True],
    )
    certificate_authority_arn: CertificateAuthorityArn | None = Field(
        default=None,
        title="Certificate authority",
        description="AWS Private CA for `tls`. Absent: the environment makes one for short-lived "
        "certificates.",
        examples=[_AUTHORITY],
    )
    mtls: MutualTls | None = Field(
        default=None,
        title="Mutual TLS",
        description="Both sides show a certificate (App Mesh).",
        examples=[{"certificate_authority_arn": _AUTHORITY}],
    )
    request_timeout_seconds: Integer | None = Field(
        default=None,
        title="Request timeout",
        description="Seconds a request may take (Service Connect). Absent: the mesh's own.",
        ge=0,
        le=3600,
        examples=[15],
    )
    idle_timeout_seconds: Integer | None = Field(
        default=None,
        title="Idle timeout",
        description="Seconds after which a silent connection is closed. Absent: the mesh's own.",
        ge=0,
        le=3600,
        examples=[60],
    )
    timeout_seconds: Integer | None = Field(
        default=None,
        title="Route timeout",
        description="Seconds a request may take on a route (App Mesh). Absent: the mesh's own.",
        ge=1,
        le=3600,
        examples=[15],
    )
    retries: Retries | None = Field(
        default=None,
        title="Retries",
        description="Which requests are tried again (App Mesh).",
        examples=[{"max": 3, "per_try_timeout_seconds": 2, "events": ["server-error", "gateway-error"]}],
    )
    outlier_detection: OutlierDetection | None = Field(
        default=None,
        title="Outlier detection",
        description="Takes failing copies out for a while (App Mesh).",
        examples=[{"max_server_errors": 5}],
    )
    connection_pool: ConnectionPool | None = Field(
        default=None,
        title="Connection pool",
        description="How much one copy is given at once (App Mesh).",
        examples=[{"max_connections": 100}],
    )
    gateway: Boolean = Field(
        default=False,
        title="Gateway",
        description="Whether the mesh has a gateway of its own for traffic from outside (App Mesh on ECS).",
        examples=[True],
    )
