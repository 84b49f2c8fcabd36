"""What the whole internet may reach."""

from collections.abc import Iterator

from service.costs.reading import flag_at, number_at, text_at, texts_at
from service.guardrails.model import Guardrail, RuleName, Subject, Violation
from service.plans.resources import PlannedResource

WORLD = frozenset({"0.0.0.0/0", "::/0"})
WEB_PORTS = frozenset({80, 443})
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
PUBLIC_ACLS = frozenset({"public-read", "public-read-write", "authenticated-read"})
BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", "aws:s3/bucketAcl:BucketAcl")
BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def find(subject: Subject) -> Iterator[Violation]:
    """Yield open ports other than the load balancer's, public buckets and open cluster endpoints."""
    yield from _open_ports(subject)
    yield from _public_buckets(subject)
    for cluster in subject.of_type("aws:eks/cluster:Cluster"):
        open_to = WORLD & set(texts_at(cluster.inputs, "vpcConfig", "publicAccessCidrs"))
        if flag_at(cluster.inputs, "vpcConfig", "endpointPublicAccess") and open_to:
            yield Violation(f"{cluster.name}: the Kubernetes API is open to {_text(open_to)}", cluster.urn)


def _open_ports(subject: Subject) -> Iterator[Violation]:
    for rule in subject.of_type(INGRESS_RULE):
        open_to = WORLD & {text_at(rule.inputs, "cidrIpv4"), text_at(rule.inputs, "cidrIpv6")}
        if open_to and not _is_web_port(rule):
            yield Violation(f"{rule.name}: {_ports(rule)} is open to {_text(open_to)}", rule.urn)
    for group in subject.of_type("aws:ec2/securityGroup:SecurityGroup"):
        for source in WORLD & set(texts_at(group.inputs, "ingress", "cidrBlocks")):
            yield Violation(f"{group.name}: it is open to {source}", group.urn)


def _public_buckets(subject: Subject) -> Iterator[Violation]:
    for bucket in subject.of_type(*BUCKETS):
        if text_at(bucket.inputs, "acl") in PUBLIC_ACLS:
            yield Violation(f"{bucket.name}: the bucket's access list is public", bucket.urn)
    for block in subject.of_type("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"):
        missing = [name for name in BLOCKS if not flag_at(block.inputs, name)]
        if missing:
            yield Violation(f"{block.name}: {', '.join(missing)} of the bucket are off", block.urn)


def _is_web_port(rule: PlannedResource) -> bool:
    low, high = number_at(rule.inputs, "fromPort"), number_at(rule.inputs, "toPort")
    return low is not None and low == high and int(low) in WEB_PORTS


def _ports(rule: PlannedResource) -> str:
    low, high = number_at(rule.inputs, "fromPort"), number_at(rule.inputs, "toPort")
    if low is None:
        return "every port"
    return f"port {low}" if low == high else f"ports {low} to {high}"


def _text(sources: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(sources))


RULE = Guardrail(
    name=RuleName.PUBLIC_ACCESS,
    title="Nothing is open to the world but the load balancer",
    text="No security group lets the whole internet in other than on ports 80 and 443, no S3 bucket is "
    "public, and the Kubernetes API of an EKS cluster is not open to 0.0.0.0/0.",
    hint="name the networks that need it; of a cluster, in `cluster.endpoint.public_cidrs`",
    find=find,
)
