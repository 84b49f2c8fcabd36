"""Which call of AWS's own service models describes which resource type: service in botocore, operation."""

from collections.abc import Mapping

MODELS: Mapping[str, tuple[str, str]] = {
    "appautoscaling/policy:Policy": ("application-autoscaling", "PutScalingPolicy"),
    "appautoscaling/target:Target": ("application-autoscaling", "RegisterScalableTarget"),
    "cloudwatch/metricAlarm:MetricAlarm": ("cloudwatch", "PutMetricAlarm"),
    "codedeploy/application:Application": ("codedeploy", "CreateApplication"),
    "codedeploy/deploymentGroup:DeploymentGroup": ("codedeploy", "CreateDeploymentGroup"),
    "ecr/repository:Repository": ("ecr", "CreateRepository"),
    "ecs/capacityProvider:CapacityProvider": ("ecs", "CreateCapacityProvider"),
    "ecs/cluster:Cluster": ("ecs", "CreateCluster"),
    "ecs/service:Service": ("ecs", "CreateService"),
    "ecs/taskDefinition:TaskDefinition": ("ecs", "RegisterTaskDefinition"),
    "eks/accessEntry:AccessEntry": ("eks", "CreateAccessEntry"),
    "eks/addon:Addon": ("eks", "CreateAddon"),
    "eks/cluster:Cluster": ("eks", "CreateCluster"),
    "eks/nodeGroup:NodeGroup": ("eks", "CreateNodegroup"),
    "kms/key:Key": ("kms", "CreateKey"),
    "lb/listener:Listener": ("elbv2", "CreateListener"),
    "lb/targetGroup:TargetGroup": ("elbv2", "CreateTargetGroup"),
    "servicediscovery/service:Service": ("servicediscovery", "CreateService"),
    "ssm/parameter:Parameter": ("ssm", "PutParameter"),
    "vpclattice/targetGroup:TargetGroup": ("vpc-lattice", "CreateTargetGroup"),
}
