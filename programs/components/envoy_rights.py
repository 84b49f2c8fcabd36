"""What App Mesh's Envoy may do, on either orchestrator."""

from collections.abc import Sequence

import pulumi

from programs.components.policy import Statement


def envoy_statements(
    resource_arns: tuple[str, ...], certificate_arns: Sequence[pulumi.Input[str]], authority_arn: str | None
) -> tuple[Statement, ...]:
    """Return what Envoy needs: its own configuration, and its certificate where there is one.

    https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html and
    https://docs.aws.amazon.com/app-mesh/latest/userguide/tls.html
    """
    statements = [Statement("ReadMesh", ("appmesh:StreamAggregatedResources",), resource_arns)]
    if certificate_arns:
        statements.append(Statement("ReadCertificate", ("acm:ExportCertificate",), certificate_arns))
    if authority_arn is not None:
        actions = ("acm-pca:GetCertificateAuthorityCertificate",)
        statements.append(Statement("ReadAuthority", actions, (authority_arn,)))
    return tuple(statements)
