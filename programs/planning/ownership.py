"""The tags by which what belongs to an environment is found, whatever became of its state."""

from dataclasses import dataclass

from programs.planning.names import SCOPED_NAME_LIMIT, bounded, environment_prefix
from programs.planning.tags import ENVIRONMENT_ID_TAG


@dataclass(frozen=True, slots=True)
class Tag:
    """A key and the value that it must have."""

    key: str
    value: str


def cluster_name(team: str, environment: str) -> str:
    """Return the name in AWS of an environment's cluster."""
    return bounded(environment_prefix(team, environment), SCOPED_NAME_LIMIT)


def environment_tag(environment_id: str) -> Tag:
    """Return the tag that every resource of an environment bears, and most of what its controllers make."""
    return Tag(ENVIRONMENT_ID_TAG, environment_id)


def controller_tags(team: str, environment: str) -> tuple[Tag, ...]:
    """Return the tags that alone what EKS and a cluster's controllers made bears: no program sets them."""
    cluster = cluster_name(team, environment)
    return (
        # https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#tags
        Tag("elbv2.k8s.aws/cluster", cluster),
        # The EBS driver's volumes: its flag --k8s-tag-cluster-id, which the add-on sets.
        Tag("KubernetesCluster", cluster),
        # Nodes of Karpenter and the in-tree names that drivers kept.
        Tag(f"kubernetes.io/cluster/{cluster}", "owned"),
        # Nodes, volumes and load balancers of Karpenter and of EKS Auto Mode.
        Tag("eks:eks-cluster-name", cluster),
        # The network add-on's network interfaces.
        Tag("cluster.k8s.amazonaws.com/name", cluster),
        # What EKS itself makes: the cluster's security group.
        Tag("aws:eks:cluster-name", cluster),
    )
