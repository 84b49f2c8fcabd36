"""What Service Connect encrypts traffic with: a certificate authority and the role that uses it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.key import EncryptionKey
from programs.components.policy import Condition, Statement
from programs.components.role import ServiceRole, ServiceRoleArgs
from programs.components.scope import Scope
from programs.ecs.discovery import Namespace
from programs.ecs.service_connect import ConnectSettings, ConnectTls
from programs.request.mesh import Mesh, MeshKind

_ROOT_YEARS = 10
_ALGORITHM = "SHA256WITHECDSA"
# What the managed policy leaves to whoever brings a key:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
_KEY_ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair")

# The managed policy grants these on authorities that bear the tag AmazonECSManaged alone, which one that was
# there before need not: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity.html
_AUTHORITY_ACTIONS = (
    "acm-pca:DescribeCertificateAuthority",
    "acm-pca:GetCertificate",
    "acm-pca:GetCertificateAuthorityCertificate",
)
_LEAF_TEMPLATE = "template/EndEntityCertificate/V1"


@dataclass(frozen=True, slots=True)
class ConnectAuthorityArgs:
    """`authority_arn` names an authority that is there already; None makes one."""

    scope: Scope
    key_arn: pulumi.Input[str]
    authority_arn: str | None


class ConnectAuthority(pulumi.ComponentResource):
    """A private certificate authority for short-lived certificates, and ECS's right to issue with it.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
    """

    tls: ConnectTls

    def __init__(
        self, name: str, args: ConnectAuthorityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the role and, where none is named, the authority."""
        super().__init__("berth:ecs:ConnectAuthority", name, None, opts)
        self._name = name
        self._scope = args.scope
        self._key_arn = args.key_arn
        self._child = pulumi.ResourceOptions(parent=self)
        self._named_authority = args.authority_arn
        authority_arn = args.authority_arn or self._make_authority()
        self.tls = ConnectTls(authority_arn, self._make_role().usable_arn(), args.key_arn)
        self.register_outputs({"authority_arn": authority_arn})

    def _make_role(self) -> ServiceRole:
        scope = self._scope
        policy = "service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity"
        args = ServiceRoleArgs(
            scope=scope,
            part="service-connect",
            services=("ecs.amazonaws.com",),
            description=f"Issues the certificates of workloads in {scope.prefix}",
            managed_policy_arns=(f"arn:{scope.partition}:iam::aws:policy/{policy}",),
            statements=(
                Statement("EncryptPrivateKeys", _KEY_ACTIONS, (self._key_arn,)),
                *_authority_statements(scope, self._named_authority),
            ),
            is_bound_to_account=False,
        )
        return ServiceRole(f"{self._name}-issuer", args, self._child)

    def _make_authority(self) -> pulumi.Output[str]:
        scope = self._scope
        subject = aws.acmpca.CertificateAuthorityCertificateAuthorityConfigurationSubjectArgs(
            common_name=f"{scope.environment}.{scope.team}"[:64], organization=scope.team
        )
        authority = aws.acmpca.CertificateAuthority(
            f"{self._name}-authority",
            type="ROOT",
            usage_mode="SHORT_LIVED_CERTIFICATE",
            permanent_deletion_time_in_days=7,
            certificate_authority_configuration=aws.acmpca.CertificateAuthorityCertificateAuthorityConfigurationArgs(
                key_algorithm="EC_prime256v1", signing_algorithm=_ALGORITHM, subject=subject
            ),
            # The tag lets the managed policy of ECS's role use this authority.
            tags={**scope.tagged(scope.name("service-connect")), "AmazonECSManaged": "true"},
            opts=self._child,
        )
        certificate = aws.acmpca.Certificate(
            f"{self._name}-root",
            certificate_authority_arn=authority.arn,
            certificate_signing_request=authority.certificate_signing_request,
            signing_algorithm=_ALGORITHM,
            template_arn=f"arn:{scope.partition}:acm-pca:::template/RootCACertificate/V1",
            validity=aws.acmpca.CertificateValidityArgs(type="YEARS", value=str(_ROOT_YEARS)),
            opts=self._child,
        )
        installed = aws.acmpca.CertificateAuthorityCertificate(
            f"{self._name}-installed",
            certificate_authority_arn=authority.arn,
            certificate=certificate.certificate,
            certificate_chain=certificate.certificate_chain,
            opts=self._child,
        )
        # Whoever uses the authority must wait until it can issue.
        return installed.certificate_authority_arn


def _authority_statements(scope: Scope, named_authority: str | None) -> tuple[Statement, ...]:
    """Return what lets ECS issue with an authority that the request names; none where one is made."""
    if named_authority is None:
        return ()
    template = f"arn:{scope.partition}:acm-pca:::{_LEAF_TEMPLATE}"
    issues_leaves = Condition("StringEquals", "acm-pca:TemplateArn", (template,))
    return (
        Statement("ReadAuthority", _AUTHORITY_ACTIONS, (named_authority,)),
        Statement(
            "IssueCertificates",
            ("acm-pca:IssueCertificate",),
            (named_authority,),
            conditions=(issues_leaves,),
        ),
    )


def make_connect_settings(
    mesh: Mesh, scope: Scope, key: EncryptionKey, namespace: Namespace | None, opts: pulumi.ResourceOptions
) -> ConnectSettings | None:
    """Return the environment's Service Connect, with a certificate authority where TLS is asked for."""
    if mesh.kind is not MeshKind.SERVICE_CONNECT or namespace is None:
        return None
    tls = None
    if mesh.tls:
        args = ConnectAuthorityArgs(scope, key.arn, mesh.certificate_authority_arn)
        tls = ConnectAuthority("connect", args, opts).tls
    return ConnectSettings(scope, namespace.arn, namespace.name, mesh, tls)
