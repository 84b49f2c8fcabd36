"""Who can reach what: load balancers, groups, subnets, instances, the Kubernetes API."""

from tests.programs.scan.findings import Inputs, Rule, items

_EVERYWHERE = ("0.0.0.0/0", "::/0")
_PORTS_OF_ADMINISTRATION = (22, 3389)


def _opens_administration(inputs: Inputs) -> bool:
    source = inputs.get("cidrIpv4") or inputs.get("cidrIpv6")
    first, last = inputs.get("fromPort", 0), inputs.get("toPort", 65535)
    return source in _EVERYWHERE and any(first <= port <= last for port in _PORTS_OF_ADMINISTRATION)


def _brings_rules_of_its_own(inputs: Inputs) -> bool:
    return bool(inputs.get("ingress") or inputs.get("egress"))


def _serves_weak_tls(inputs: Inputs) -> bool:
    return inputs.get("protocol") == "HTTPS" and "TLS13-1-2" not in str(inputs.get("sslPolicy"))


def _answers_old_metadata_calls(inputs: Inputs) -> bool:
    options = inputs.get("metadataOptions") or {}
    return options.get("httpTokens") != "required" or options.get("httpPutResponseHopLimit") != 1


def _leaves_a_disk_plain(inputs: Inputs) -> bool:
    return any(str(one["ebs"].get("encrypted")) != "true" for one in items(inputs.get("blockDeviceMappings")))


RULES = (
    Rule(
        "CKV_AWS_24, CKV_AWS_25, CKV_AWS_277",
        "SSH, RDP or all ports are open to everybody",
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",),
        _opens_administration,
        {"cidrIpv4": "0.0.0.0/0", "fromPort": 20, "toPort": 30},
    ),
    Rule(
        "CKV_AWS_23",
        "nobody says why the rule is there",
        (
            "aws:ec2/securityGroup:SecurityGroup",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        ),
        lambda inputs: not inputs.get("description"),
        {"cidrIpv4": "10.0.0.0/8"},
    ),
    Rule(
        "CKV2_AWS_12",
        "the network's default group lets something through",
        ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",),
        _brings_rules_of_its_own,
        {"ingress": [{"self": True}]},
    ),
    Rule(
        "CKV_AWS_130",
        "what starts in the subnet gets a public address",
        ("aws:ec2/subnet:Subnet",),
        lambda inputs: inputs.get("mapPublicIpOnLaunch"),
        {"mapPublicIpOnLaunch": True},
    ),
    Rule(
        "CKV_AWS_131",
        "malformed headers are passed on",
        ("aws:lb/loadBalancer:LoadBalancer",),
        lambda inputs: not inputs.get("dropInvalidHeaderFields"),
        {},
    ),
    Rule(
        "CKV_AWS_103",
        "an old version of TLS is served",
        ("aws:lb/listener:Listener",),
        _serves_weak_tls,
        {"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-2016-08"},
    ),
    Rule(
        "CKV_AWS_79, CKV_AWS_341",
        "a container can take the instance's role",
        ("aws:ec2/launchTemplate:LaunchTemplate",),
        _answers_old_metadata_calls,
        {"metadataOptions": {"httpTokens": "optional"}},
    ),
    Rule(
        "CKV_AWS_8",
        "a disk is not encrypted",
        ("aws:ec2/launchTemplate:LaunchTemplate",),
        _leaves_a_disk_plain,
        {"blockDeviceMappings": [{"ebs": {"volumeSize": 30}}]},
    ),
    Rule(
        "CKV_AWS_88",
        "instances get public addresses",
        ("aws:ec2/launchTemplate:LaunchTemplate",),
        lambda inputs: any(
            str(one.get("associatePublicIpAddress")) == "true"
            for one in items(inputs.get("networkInterfaces"))
        ),
        {"networkInterfaces": [{"associatePublicIpAddress": "true"}]},
    ),
    Rule(
        "CKV_AWS_100",
        "nodes take SSH",
        ("aws:eks/nodeGroup:NodeGroup",),
        lambda inputs: inputs.get("remoteAccess"),
        {"remoteAccess": {"ec2SshKey": "key"}},
    ),
)
