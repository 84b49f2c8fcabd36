"""Functions about images, instance types, EKS add-ons and service accounts of AWS's own."""

from collections.abc import Callable, Mapping

from sandbox.cloud.aws.functions.call import Invocation
from sandbox.cloud.aws.surroundings import stable_hex
from sandbox.cloud.wire.values import Properties, objects_of, texts_of

_GPU_FAMILIES = ("g4dn", "g5", "g6", "g6e", "p3", "p4d", "p5")
_SIZES = {"nano": 0.5, "micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16}
_ADDON_VERSIONS = {
    "vpc-cni": "v1.21.1-eksbuild.1",
    "coredns": "v1.12.4-eksbuild.1",
    "kube-proxy": "v1.34.1-eksbuild.2",
    "aws-ebs-csi-driver": "v1.52.1-eksbuild.1",
    "aws-efs-csi-driver": "v2.1.13-eksbuild.1",
    "eks-pod-identity-agent": "v1.3.9-eksbuild.3",
    "metrics-server": "v0.8.0-eksbuild.3",
    "amazon-cloudwatch-observability": "v4.6.0-eksbuild.1",
}
_ELB_ACCOUNTS = {"us-east-1": "127311923021", "us-east-2": "033677994240", "us-west-2": "797873946194"}


def addon_version(call: Invocation) -> Properties:
    """The version of an EKS add-on that goes with a Kubernetes version."""
    name = call.text("addonName")
    return {
        "addonName": name,
        "id": name,
        "kubernetesVersion": call.text("kubernetesVersion"),
        "version": _ADDON_VERSIONS.get(name, "v1.0.0-eksbuild.1"),
    }


def instance_type(call: Invocation) -> Properties:
    """What an instance type has, as far as its name tells."""
    name = call.text("instanceType")
    family, _, size = name.partition(".")
    is_arm = "g" in family.lstrip("abcdefghijklmnopqrstuvwxyz") or family == "a1"
    multiple = int(size.removesuffix("xlarge") or 1) if size.endswith("xlarge") else 1
    memory_gib = _SIZES["xlarge"] * multiple if size.endswith("xlarge") else _SIZES.get(size, 8)
    has_gpu = family in _GPU_FAMILIES
    return {
        "id": name,
        "instanceType": name,
        "supportedArchitectures": ["arm64" if is_arm else "x86_64"],
        "defaultVcpus": 4 * multiple if size.endswith("xlarge") else 2,
        "memorySize": int(memory_gib * 1024),
        "gpuses": [{"count": 1, "manufacturer": "NVIDIA", "memorySize": 16384, "name": "T4"}]
        if has_gpu
        else [],
        "hypervisor": "nitro",
        "maximumNetworkInterfaces": 4,
        "maximumIpv4AddressesPerInterface": 15,
        "bareMetal": False,
        "burstablePerformanceSupported": family.startswith("t"),
        "currentGeneration": True,
        "ebsEncryptionSupport": "supported",
        "supportedUsagesClasses": ["on-demand", "spot"],
        "supportedVirtualizationTypes": ["hvm"],
        "neuronDevices": [],
        "inferenceAccelerators": [],
    }


def image(call: Invocation) -> Properties:
    """The newest image that the arguments describe."""
    names = [text for item in objects_of(call.arguments, "filters") for text in texts_of(item, "values")]
    described = "|".join(names) or call.text("nameRegex")
    id_ = f"ami-{stable_hex('image', call.around.region, described)}"
    is_arm = any("arm64" in name for name in names)
    return {
        "architecture": "arm64" if is_arm else "x86_64",
        "arn": f"arn:{call.around.partition}:ec2:{call.around.region}::image/{id_}",
        "blockDeviceMappings": [],
        "creationDate": "2026-11-01T00:00:00.000Z",
        "hypervisor": "xen",
        "id": id_,
        "imageId": id_,
        "name": names[0].replace("*", "20261101") if names else "sandbox",
        "ownerId": "137112412989",
        "rootDeviceName": "/dev/xvda",
        "rootDeviceType": "ebs",
        "state": "available",
        "virtualizationType": "hvm",
    }


def load_balancer_account(call: Invocation) -> Properties:
    """The account that writes load balancers' access logs in a region."""
    account = _ELB_ACCOUNTS.get(call.around.region, "127311923021")
    return {"arn": f"arn:{call.around.partition}:iam::{account}:root", "id": account}


def cluster_token(call: Invocation) -> Properties:
    """A token for a cluster's API."""
    name = call.text("name")
    return {"id": name, "name": name, "token": f"k8s-aws-v1.{stable_hex('token', name, length=40)}"}


def registry_token(call: Invocation) -> Properties:
    """A login for the account's image registry."""
    registry = f"{call.around.account}.dkr.ecr.{call.around.region}.amazonaws.com"
    password = stable_hex("registry", registry, length=40)
    return {
        "authorizationToken": password,
        "expiresAt": "2030-01-01T00:00:00Z",
        "id": call.around.region,
        "password": password,
        "proxyEndpoint": f"https://{registry}",
        "userName": "AWS",
    }


FUNCTIONS: Mapping[str, Callable[[Invocation], Properties]] = {
    "aws:eks/getAddonVersion:getAddonVersion": addon_version,
    "aws:eks/getClusterAuth:getClusterAuth": cluster_token,
    "aws:ec2/getInstanceType:getInstanceType": instance_type,
    "aws:ec2/getAmi:getAmi": image,
    "aws:elb/getServiceAccount:getServiceAccount": load_balancer_account,
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": registry_token,
}
