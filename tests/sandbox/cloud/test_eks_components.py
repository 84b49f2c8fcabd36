"""The EKS components make the very children that the real ones make, on either engine."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pulumi_eks
import pytest
from pulumi import automation
from pulumi_aws import ec2, iam

from sandbox.cloud.control import CloudControl

ROOT = Path(__file__).parents[3]
PREFIX = "eks:index:Cluster"
ROLE = f"{PREFIX}$eks:index:ServiceRole"
RULE = f"{PREFIX}$aws:ec2/securityGroupRule:SecurityGroupRule"
ENTRY = f"{PREFIX}$aws:eks/accessEntry:AccessEntry"
ADDON = "aws:eks/addon:Addon"

# read from the state that the real component left with the official engine for this program
CHILDREN = {
    f"{PREFIX}::c",
    f"{ROLE}::c-podExecutionRole",
    f"{ROLE}::c-eksRole",
    f"{PREFIX}$aws:ec2/securityGroup:SecurityGroup::c-eksClusterSecurityGroup",
    f"{ROLE}$aws:iam/role:Role::c-podExecutionRole-role",
    f"{ROLE}$aws:iam/role:Role::c-eksRole-role",
    f"{RULE}::c-eksClusterInternetEgressRule",
    f"{ROLE}$aws:iam/rolePolicyAttachment:RolePolicyAttachment::c-podExecutionRole-6ad441d9",
    f"{ROLE}$aws:iam/rolePolicyAttachment:RolePolicyAttachment::c-eksRole-4b490823",
    f"{PREFIX}$aws:eks/cluster:Cluster::c-eksCluster",
    f"{PREFIX}$aws:eks/fargateProfile:FargateProfile::c-fargateProfile",
    f"{PREFIX}$aws:ec2/securityGroup:SecurityGroup::c-nodeSecurityGroup",
    f"{ENTRY}::c-admin",
    f"{PREFIX}${ADDON}::c-kube-proxy",
    f"{PREFIX}$pulumi:providers:kubernetes::c-eks-k8s",
    f"{PREFIX}${ADDON}::c-coredns",
    f"{RULE}::c-eksExtApiServerClusterIngressRule",
    f"{RULE}::c-eksNodeIngressRule",
    f"{RULE}::c-eksNodeInternetEgressRule",
    f"{RULE}::c-eksClusterIngressRule",
    f"{RULE}::c-eksNodeClusterIngressRule",
    f"{PREFIX}$eks:index:VpcCniAddon::c-vpc-cni",
    f"{ENTRY}$aws:eks/accessPolicyAssociation:AccessPolicyAssociation::c-admin-a",
    f"{PREFIX}$eks:index:VpcCniAddon${ADDON}::c-vpc-cni",
    "eks:index:ManagedNodeGroup::general",
    f"{PREFIX}$eks:index:Addon::ebs",
    f"{PREFIX}$eks:index:Addon${ADDON}::ebs",
    "eks:index:ManagedNodeGroup$aws:eks/nodeGroup:NodeGroup::general",
}


def _environment() -> None:
    vpc = ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    subnets = [
        ec2.Subnet(f"subnet-{zone}", vpc_id=vpc.id, cidr_block=block, availability_zone=f"us-east-1{zone}")
        for zone, block in (("a", "10.0.0.0/24"), ("b", "10.0.1.0/24"))
    ]
    statement = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = iam.Role("nodes", assume_role_policy=trust)
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    admin = pulumi_eks.AccessEntryArgs(
        principal_arn="arn:aws:iam::123456789012:role/Admin",
        access_policies={"a": {"policy_arn": policy, "access_scope": {"type": "cluster"}}},
    )
    cluster = pulumi_eks.Cluster(
        "c",
        vpc_id=vpc.id,
        private_subnet_ids=[subnet.id for subnet in subnets],
        skip_default_node_group=True,
        create_instance_role=False,
        authentication_mode=pulumi_eks.AuthenticationMode.API,
        access_entries={"admin": admin},
        fargate=pulumi_eks.FargateProfileArgs(selectors=[{"namespace": "fargate"}]),
    )
    scaling = {"min_size": 1, "desired_size": 1, "max_size": 2}
    pulumi_eks.ManagedNodeGroup("general", cluster=cluster, node_role=role, scaling_config=scaling)
    pulumi_eks.Addon("ebs", cluster=cluster, addon_name="aws-ebs-csi-driver")


@pytest.fixture
def attached(tmp_path: Path) -> Iterator[str]:
    """The providers of a server process on a store under the test's folder, for engines to attach to."""
    command = [sys.executable, "-m", "sandbox.cloud", "serve", "--store", str(tmp_path / "cloud")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())["providers"]
        yield ",".join(f"{name}:{port}" for name, port in ports.items())
        process.kill()


@pytest.mark.parametrize("engine", ["sandbox", pytest.param("official", marks=pytest.mark.official_engine)])
def test_components_make_the_real_ones_children(engine: str, attached: str, tmp_path: Path) -> None:
    """The state holds the children of the real components, and a destroy leaves nothing in the cloud."""
    environment = {
        "AWS_REGION": "us-east-1",
        "BERTH_SANDBOX_PYTHON": sys.executable,
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_DEBUG_PROVIDERS": attached,
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    (tmp_path / "work").mkdir()
    command = automation.PulumiCommand(root=str(ROOT / "sandbox")) if engine == "sandbox" else None
    options = automation.LocalWorkspaceOptions(
        work_dir=str(tmp_path / "work"), env_vars=environment, pulumi_command=command
    )
    stack = automation.create_stack("dev", "tests", _environment, opts=options)
    stack.up(parallel=16)
    resources = stack.export_stack().deployment["resources"]
    names = {item["urn"].split("::", 2)[2] for item in resources}
    assert {name for name in names if "eks:index" in name} == CHILDREN
    assert "pulumi:providers:pulumi::default" in names
    stack.destroy()
    control = CloudControl(tmp_path / "cloud")
    assert control.resources() == []
    control.close()
