"""Environments on EKS that validation accepts: every part on and off."""

from hypothesis import strategies as st

from tests.programs.strategies.documents import Document, always, maybe
from tests.programs.strategies.rollouts import Setting
from tests.programs.strategies.shared import app_mesh, shared

node_group = always(
    instance_types=st.sampled_from([["m6i.large"], ["m6i.large", "m5.large"]]),
    capacity_type=st.sampled_from(["on_demand", "spot"]),
    min=st.integers(0, 2),
    desired=2,
    max=st.integers(2, 9),
    disk_gib=st.integers(20, 100),
    labels=st.sampled_from([{}, {"workload": "general"}]),
    node_repair=st.booleans(),
)
tainted_group = always(
    instance_types=["g4dn.xlarge"],
    ami_type=st.sampled_from(["AL2023_x86_64_NVIDIA", "BOTTLEROCKET_x86_64_NVIDIA"]),
    min=0,
    desired=0,
    max=2,
    taints=[{"key": "nvidia.com/gpu", "value": "true"}],
)
access = st.sampled_from(
    [
        [],
        [{"principal_arn": "arn:aws:iam::123456789012:role/Admin", "policy": "cluster_admin"}],
        [
            {"principal_arn": "arn:aws:iam::123456789012:role/Dev", "policy": "edit", "namespaces": ["api"]},
            {"principal_arn": "arn:aws:iam::123456789012:user/ci", "username": "ci", "groups": ["deployers"]},
        ],
    ]
)
addons = st.sampled_from(
    [
        {"coredns": {}, "kube-proxy": {}, "vpc-cni": {"env": {"ENABLE_PREFIX_DELEGATION": "true"}}},
        {"vpc-cni": {"before_compute": True}, "aws-ebs-csi-driver": {}, "snapshot-controller": {}},
        {"metrics-server": {}, "coredns": {"version": "v1.12.3-eksbuild.1", "values": {"replicaCount": 2}}},
    ]
)


@st.composite
def compute(draw: st.DrawFn) -> Document:
    """Nodes of some kind, for every workload."""
    if draw(st.booleans()) and draw(st.booleans()):
        return {"auto_mode": True, "node_groups": {}}
    document: Document = {"node_groups": {"general": draw(node_group)}}
    if draw(st.booleans()):
        document["node_groups"] = {"general": draw(node_group), "gpu": draw(tainted_group)}
    document["autoscaler"] = draw(st.sampled_from(["none", "cluster_autoscaler", "karpenter"]))
    document["fargate_profiles"] = draw(
        st.sampled_from([{}, {"batch": {"selectors": [{"namespace": "jobs"}, {"namespace": "batch"}]}}])
    )
    return document


@st.composite
def eks_documents(draw: st.DrawFn) -> Document:
    """Documents of environments on EKS."""
    kind = draw(st.sampled_from(["none", "vpc_lattice", "app_mesh"]))
    by_flagger = [] if kind == "app_mesh" else ["flagger"]
    delivery = draw(st.sampled_from(["none", "argo_rollouts", *by_flagger]))
    telemetry = draw(st.sampled_from(["none", "cloudwatch_agent", "adot"]))
    setting = Setting("eks", kind, delivery, measures_pods=telemetry == "cloudwatch_agent")
    knobs = {"none": st.just({}), "vpc_lattice": maybe(tls=st.booleans()), "app_mesh": app_mesh}[kind]
    cluster = {
        "delivery": delivery,
        "telemetry": telemetry,
        "endpoint": {"public_cidrs": ["203.0.113.0/24"], "private": draw(st.booleans())},
        **draw(compute()),
        **draw(
            maybe(
                version=st.sampled_from(["1.33", "1.34"]),
                upgrade_policy=st.sampled_from(["standard", "extended"]),
                encrypt_secrets=st.booleans(),
                log_types=st.sampled_from([[], ["api"], ["api", "audit", "scheduler"]]),
                addons=addons,
                access=access,
                log_forwarding=st.booleans(),
                external_dns_zones=st.just(["example.com"]),
                quota=always(cpu_units=65536, memory_mib=131072, pods=100),
            )
        ),
    }
    return {**draw(shared(setting)), "cluster": cluster, "mesh": {"kind": kind, **draw(knobs)}}
