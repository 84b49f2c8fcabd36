"""What controllers in a cluster make in AWS, behind Pulumi's back, and what becomes of it.

A controller takes away what it made when its object goes, as long as it runs. Where it was taken away first,
or the whole cluster was, what it made stays behind and keeps the network from being deleted: that is why EKS
tear-downs fail.
"""

from dataclasses import dataclass

from sandbox.cloud.aws.making import make_record
from sandbox.cloud.aws.surroundings import Surroundings, stable_hex
from sandbox.cloud.kubernetes.clusters import Cluster
from sandbox.cloud.kubernetes.helm import has_controller
from sandbox.cloud.kubernetes.made_tags import balancer_tags, node_tags, volume_tags
from sandbox.cloud.sdk.package import SdkPackage
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, object_of, text_of, texts_of

_INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
_SERVICE = "kubernetes:core/v1:Service"
_CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
_NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
_ADDON = "aws:eks/addon:Addon"


@dataclass(frozen=True, slots=True)
class Controllers:
    """The controllers of every cluster."""

    package: SdkPackage
    inventory: Inventory

    def act_on(self, cluster: Cluster, record: Record) -> Properties:
        """Do what the controllers do once an object stands.

        Returns:
            What they write into the object's status.
        """
        if cluster.record is None:
            return {}
        if record.type == _INGRESS and self._is_ours(cluster, record):
            return _reached(self._application_load_balancer(cluster, record))
        if record.type == _SERVICE and text_of(object_of(record.outputs, "spec"), "type") == "LoadBalancer":
            return _reached(self._network_load_balancer(cluster, record))
        if record.type == _CLAIM and self._has_volumes(cluster) and not _is_bound(record):
            self._make(cluster, record, "aws:ebs/volume:Volume", _volume(cluster, record))
        if record.type == _NODE_POOL and has_controller(self.inventory, cluster, "karpenter"):
            self._make(cluster, record, "aws:ec2/instance:Instance", _instance(cluster, record))
        return {}

    def clean_up(self, cluster: Cluster, record: Record) -> None:
        """Take away what was made for an object that goes, if its controller still runs."""
        if self._runs_for(cluster, record):
            for made in reversed(self.inventory.made_by(_key(record))):
                self.inventory.remove(made)

    def _runs_for(self, cluster: Cluster, record: Record) -> bool:
        if record.type == _INGRESS:
            return has_controller(self.inventory, cluster, "load_balancer")
        if record.type == _NODE_POOL:
            return has_controller(self.inventory, cluster, "karpenter")
        return record.type != _CLAIM or self._has_volumes(cluster)

    def _is_ours(self, cluster: Cluster, record: Record) -> bool:
        annotations = object_of(object_of(record.outputs, "metadata"), "annotations")
        named = text_of(object_of(record.outputs, "spec"), "ingressClassName")
        class_name = named or text_of(annotations, "kubernetes.io/ingress.class")
        return class_name == "alb" and has_controller(self.inventory, cluster, "load_balancer")

    def _has_volumes(self, cluster: Cluster) -> bool:
        if cluster.has_auto_mode:
            return True
        addons = self.inventory.of_type(_ADDON)
        name = cluster.record.id if cluster.record else ""
        return any(
            addon.outputs.get("clusterName") == name
            and addon.outputs.get("addonName") == "aws-ebs-csi-driver"
            for addon in addons
        )

    def _application_load_balancer(self, cluster: Cluster, record: Record) -> Record:
        group = self._make(cluster, record, "aws:ec2/securityGroup:SecurityGroup", _group(cluster, record))
        balancer = self._make(
            cluster,
            record,
            "aws:lb/loadBalancer:LoadBalancer",
            {**_balancer(cluster, record), "securityGroups": [group.id], "loadBalancerType": "application"},
        )
        target = self._make(cluster, record, "aws:lb/targetGroup:TargetGroup", _target(cluster, record))
        action: Properties = {"type": "forward", "targetGroupArn": target.arn}
        inputs: Properties = {"loadBalancerArn": balancer.arn, "port": 80, "defaultActions": [action]}
        self._make(cluster, record, "aws:lb/listener:Listener", inputs)
        return balancer

    def _network_load_balancer(self, cluster: Cluster, record: Record) -> Record:
        inputs: Properties = {**_balancer(cluster, record), "loadBalancerType": "network"}
        return self._make(cluster, record, "aws:lb/loadBalancer:LoadBalancer", inputs)

    def _make(self, cluster: Cluster, record: Record, type_: str, inputs: Properties) -> Record:
        spec = self.package.resource(type_)
        if spec is None or cluster.record is None:
            raise LookupError(type_)
        scope = cluster.record.scope
        around = Surroundings(scope.account, scope.region, caller_arn="")
        tagged: Properties = {**inputs, "region": scope.region, "tags": self._tags(cluster, record)}
        return make_record(spec, self.inventory, around, tagged, made_by=_key(record))

    def _tags(self, cluster: Cluster, record: Record) -> Properties:
        if record.type == _CLAIM:
            return volume_tags(self.inventory, cluster)
        if record.type == _NODE_POOL:
            return node_tags(self.inventory, cluster, record)
        return balancer_tags(self.inventory, cluster, record)


def _key(record: Record) -> str:
    return f"{record.scope.account}/{record.type}/{record.id}"


def _is_bound(claim: Record) -> bool:
    """Whether a claim names its volume, so that no driver makes one."""
    return bool(text_of(object_of(claim.outputs, "spec"), "volumeName"))


def _reached(balancer: Record) -> Properties:
    return {"loadBalancer": {"ingress": [{"hostname": text_of(balancer.outputs, "dnsName")}]}}


def _network(cluster: Cluster) -> Properties:
    return object_of(cluster.record.outputs, "vpcConfig") if cluster.record else {}


def _name(record: Record) -> str:
    """A name as the controller gives it: `k8s-` and eight characters of namespace and name, and a hash."""
    namespace, _, name = record.id.partition("/")
    return f"k8s-{namespace[:8].strip('-')}-{name[:8].strip('-')}-{stable_hex(_key(record), length=10)}"


def _balancer(cluster: Cluster, record: Record) -> Properties:
    subnets = texts_of(_network(cluster), "subnetIds")
    return {"name": _name(record), "subnets": [*subnets[:3]], "internal": False}


def _group(cluster: Cluster, record: Record) -> Properties:
    return {
        "name": _name(record),
        "description": "[k8s] Managed SecurityGroup for LoadBalancer",
        "vpcId": text_of(_network(cluster), "vpcId"),
    }


def _target(cluster: Cluster, record: Record) -> Properties:
    network = text_of(_network(cluster), "vpcId")
    return {"name": _name(record), "port": 80, "protocol": "HTTP", "targetType": "ip", "vpcId": network}


def _volume(cluster: Cluster, record: Record) -> Properties:
    del record
    region = cluster.record.scope.region if cluster.record else ""
    return {"availabilityZone": f"{region}a", "size": 10, "type": "gp3", "encrypted": True}


def _instance(cluster: Cluster, record: Record) -> Properties:
    del record
    network = _network(cluster)
    subnets = texts_of(network, "subnetIds")
    return {
        "ami": f"ami-{stable_hex('karpenter')}",
        "instanceType": "m6i.large",
        "subnetId": subnets[0],
        "vpcSecurityGroupIds": [text_of(network, "clusterSecurityGroupId")],
    }
