"""Every resource type that the programs make: priced by a rule, free, or not priced, and why."""

from collections.abc import Callable, Iterator

from service.costs.planned import PlannedResource
from service.costs.quote import Quote, Quoter
from service.costs.rules import ecs_tasks, eks, instances, kubernetes_balancers, network, pods, stores

Rule = Callable[[PlannedResource, Quoter], Iterator[Quote]]

PRICED: dict[str, Rule] = {
    ecs_tasks.SERVICE: ecs_tasks.price_service,
    "aws:ecs/cluster:Cluster": stores.price_cluster_insights,
    instances.GROUP: instances.price_group,
    "aws:ec2/natGateway:NatGateway": network.price_nat_gateway,
    "aws:ec2/eip:Eip": network.price_address,
    "aws:ec2/vpcEndpoint:VpcEndpoint": network.price_endpoint,
    "aws:lb/loadBalancer:LoadBalancer": network.price_load_balancer,
    "aws:route53/zone:Zone": network.price_zone,
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": network.price_zone,
    "aws:servicediscovery/service:Service": stores.price_registry_service,
    "aws:vpclattice/service:Service": network.price_lattice_service,
    "aws:kms/key:Key": stores.price_key,
    "aws:acmpca/certificateAuthority:CertificateAuthority": stores.price_certificate_authority,
    "aws:secretsmanager/secret:Secret": stores.price_secret,
    "aws:ecr/repository:Repository": stores.price_repository,
    "aws:s3/bucket:Bucket": stores.price_bucket,
    "aws:cloudwatch/logGroup:LogGroup": stores.price_log_group,
    "aws:cloudwatch/metricAlarm:MetricAlarm": stores.price_alarm,
    "aws:cloudwatch/dashboard:Dashboard": stores.price_dashboard,
    "aws:sns/topic:Topic": stores.price_topic,
    "aws:sqs/queue:Queue": stores.price_queue,
    eks.CLUSTER: eks.price_cluster,
    eks.CLUSTER_COMPONENT: eks.price_cluster_component,
    eks.NODE_GROUP: eks.price_node_group,
    eks.NODE_POOL: eks.price_node_pool,
    pods.DEPLOYMENT: eks.price_pods,
    pods.STATEFUL_SET: eks.price_pods,
    pods.ROLLOUT: eks.price_pods,
    "kubernetes:core/v1:PersistentVolumeClaim": eks.price_claim,
    "kubernetes:core/v1:Service": kubernetes_balancers.price_kubernetes_service,
    kubernetes_balancers.INGRESS: kubernetes_balancers.price_ingress,
}
"""Types with a charge of their own."""

_PARTS = "part of what is charged beside it"
_IAM = "identity and access management is free (https://aws.amazon.com/iam/)"
_VPC = "a VPC's own parts are free (https://aws.amazon.com/vpc/pricing/)"

FREE: dict[str, str] = {
    "aws:acm/certificate:Certificate": "public certificates are free (https://aws.amazon.com/certificate-manager/pricing/)",
    "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate": _PARTS,
    "aws:appautoscaling/policy:Policy": "Application Auto Scaling is free (https://aws.amazon.com/autoscaling/pricing/)",
    "aws:appautoscaling/scheduledAction:ScheduledAction": "Application Auto Scaling is free",
    "aws:appautoscaling/target:Target": "Application Auto Scaling is free",
    "aws:autoscaling/lifecycleHook:LifecycleHook": "Auto Scaling is free",
    "aws:cloudwatch/eventRule:EventRule": "rules on AWS's own events are free (https://aws.amazon.com/eventbridge/pricing/)",
    "aws:cloudwatch/eventTarget:EventTarget": "rules on AWS's own events are free",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": _PARTS,
    "aws:codedeploy/application:Application": "CodeDeploy to ECS is free (https://aws.amazon.com/codedeploy/pricing/)",
    "aws:codedeploy/deploymentConfig:DeploymentConfig": "CodeDeploy to ECS is free",
    "aws:codedeploy/deploymentGroup:DeploymentGroup": "CodeDeploy to ECS is free",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _VPC,
    "aws:ec2/internetGateway:InternetGateway": _VPC,
    "aws:ec2/launchTemplate:LaunchTemplate": "launch templates are free; what they launch is charged",
    "aws:ec2/route:Route": _VPC,
    "aws:ec2/routeTable:RouteTable": _VPC,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _VPC,
    "aws:ec2/securityGroup:SecurityGroup": _VPC,
    "aws:ec2/securityGroupRule:SecurityGroupRule": _VPC,
    "aws:ec2/subnet:Subnet": _VPC,
    "aws:ec2/tag:Tag": "tags are free",
    "aws:ec2/vpc:Vpc": _VPC,
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": _PARTS,
    "aws:ecr/repositoryPolicy:RepositoryPolicy": _PARTS,
    "aws:ecs/capacityProvider:CapacityProvider": "capacity providers are free; their instances are charged",
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": "capacity providers are free",
    "aws:ecs/taskDefinition:TaskDefinition": "definitions are free; their tasks are charged with the service",
    "aws:eks/accessEntry:AccessEntry": "access entries are free",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": "access entries are free",
    "aws:eks/addon:Addon": "EKS add-ons are free; they run on the cluster's compute",
    "aws:eks/fargateProfile:FargateProfile": "profiles are free; the pods they take are charged",
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": "pod identities are free",
    "aws:iam/instanceProfile:InstanceProfile": _IAM,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _IAM,
    "aws:iam/policy:Policy": _IAM,
    "aws:iam/role:Role": _IAM,
    "aws:iam/rolePolicy:RolePolicy": _IAM,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _IAM,
    "aws:kms/alias:Alias": _PARTS,
    "aws:lb/listener:Listener": _PARTS,
    "aws:lb/listenerCertificate:ListenerCertificate": _PARTS,
    "aws:lb/listenerRule:ListenerRule": _PARTS,
    "aws:lb/targetGroup:TargetGroup": _PARTS,
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": _PARTS,
    "aws:route53/record:Record": "records are free; their zone and its queries are charged",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _PARTS,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _PARTS,
    "aws:s3/bucketPolicy:BucketPolicy": _PARTS,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _PARTS,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _PARTS,
    "aws:secretsmanager/secretVersion:SecretVersion": _PARTS,
    "aws:servicediscovery/httpNamespace:HttpNamespace": "namespaces without DNS are free (https://aws.amazon.com/cloud-map/pricing/)",
    "aws:sns/topicPolicy:TopicPolicy": _PARTS,
    "aws:sns/topicSubscription:TopicSubscription": _PARTS,
    "aws:sqs/queuePolicy:QueuePolicy": _PARTS,
    "aws:ssm/parameter:Parameter": "standard parameters are free (https://aws.amazon.com/systems-manager/pricing/)",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _VPC,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _VPC,
    "aws:wafv2/webAclAssociation:WebAclAssociation": "the web ACL is charged where it is made",
}
"""Types that cost nothing themselves, and why."""

FREE_PREFIXES: dict[str, str] = {
    "berth:": "a component; its parts are charged",
    "pulumi:": "the engine's own",
    "eks:index:": "a component; its parts are charged",
    "aws:appmesh/": "App Mesh itself is free (https://aws.amazon.com/app-mesh/pricing/)",
    "aws:vpclattice/": "VPC Lattice charges by the service alone (https://aws.amazon.com/vpc/lattice/pricing/)",
    "kubernetes:": "runs on nodes or Fargate that are charged",
    "random:": "no resource of the cloud",
    "tls:": "no resource of the cloud",
}
"""Beginnings of types that cost nothing themselves where no rule names them."""

UNPRICED: dict[str, str] = {
    "aws:acmpca/certificate:Certificate": "charged by the certificate, in tiers of the month",
    "aws:ec2/flowLog:FlowLog": "delivery is charged by traffic; its log group is counted",
    "aws:ecs/expressGatewayService:ExpressGatewayService": "AWS chooses its load balancer",
}
"""Types that may cost something and are in no figure, and why."""


def free_reason(resource_type: str) -> str | None:
    """Say why a type costs nothing, or None where it may."""
    if resource_type in PRICED or resource_type in UNPRICED:
        return None
    if resource_type in FREE:
        return FREE[resource_type]
    return next((why for start, why in FREE_PREFIXES.items() if resource_type.startswith(start)), None)


def is_known(resource_type: str) -> bool:
    """Say whether a type has its place here; one without makes the enumerating test fail."""
    return resource_type in PRICED or resource_type in UNPRICED or free_reason(resource_type) is not None
