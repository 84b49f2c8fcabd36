"""Which rows of AWS's price list are the prices of a table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from service.core.errors import BerthError
from service.pricing.keys import PriceKey
from service.pricing.rows import PriceRow
from service.pricing.table import InstancePrice, Price

REGION_PREFIXES = {
    "us-east-1": "USE1",
    "us-east-2": "USE2",
    "us-west-1": "USW1",
    "us-west-2": "USW2",
    "ca-central-1": "CAN1",
    "sa-east-1": "SAE1",
    "eu-west-1": "EU",
    "eu-west-2": "EUW2",
    "eu-west-3": "EUW3",
    "eu-central-1": "EUC1",
    "eu-north-1": "EUN1",
    "ap-south-1": "APS3",
    "ap-southeast-1": "APS1",
    "ap-southeast-2": "APS2",
    "ap-northeast-1": "APN1",
    "ap-northeast-2": "APN2",
}
"""How usage types of a region begin; us-east-1 has them with and without."""


class AmbiguousPriceError(BerthError):
    """Several rows with different prices match one key: the price list changed its shape."""

    code = "ambiguous_price"
    title = "The price list has several prices where one was expected"


@dataclass(frozen=True, slots=True)
class Selector:
    """The rows of one price: its offer, its usage type without the region's prefix, and what else must be."""

    offer: str
    usage_type: str
    family: str = ""
    attributes: dict[str, str] = field(default_factory=dict[str, str])

    def matches(self, row: PriceRow, region: str) -> bool:
        """Say whether a row is of this price in a region."""
        head, _, rest = row.usage_type.partition(self.usage_type)
        prefix = head.removesuffix("-")
        return (
            not rest
            and row.usage_type.endswith(self.usage_type)
            and prefix in ("", region, REGION_PREFIXES.get(region, region))
            and self.family in ("", row.product_family)
            and all(row.attribute(name) == value for name, value in self.attributes.items())
        )


_ALB, _NLB = "Load Balancer-Application", "Load Balancer-Network"
SELECTORS: dict[PriceKey, Selector] = {
    PriceKey.FARGATE_X86_VCPU: Selector("AmazonECS", "Fargate-vCPU-Hours:perCPU"),
    PriceKey.FARGATE_X86_MEMORY: Selector("AmazonECS", "Fargate-GB-Hours"),
    PriceKey.FARGATE_ARM_VCPU: Selector("AmazonECS", "Fargate-ARM-vCPU-Hours:perCPU"),
    PriceKey.FARGATE_ARM_MEMORY: Selector("AmazonECS", "Fargate-ARM-GB-Hours"),
    PriceKey.FARGATE_EPHEMERAL_STORAGE: Selector("AmazonECS", "Fargate-EphemeralStorage-GB-Hours"),
    PriceKey.EBS_GP3_STORAGE: Selector("AmazonEC2", "EBS:VolumeUsage.gp3"),
    PriceKey.ALB_HOUR: Selector("AWSELB", "LoadBalancerUsage", _ALB),
    PriceKey.ALB_CAPACITY: Selector("AWSELB", "LCUUsage", _ALB),
    PriceKey.NLB_HOUR: Selector("AWSELB", "LoadBalancerUsage", _NLB),
    PriceKey.NLB_CAPACITY: Selector("AWSELB", "LCUUsage", _NLB),
    PriceKey.NAT_GATEWAY_HOUR: Selector("AmazonEC2", "NatGateway-Hours", "NAT Gateway"),
    PriceKey.NAT_GATEWAY_DATA: Selector("AmazonEC2", "NatGateway-Bytes", "NAT Gateway"),
    PriceKey.INTERFACE_ENDPOINT_HOUR: Selector("AmazonVPC", "VpcEndpoint-Hours"),
    PriceKey.INTERFACE_ENDPOINT_DATA: Selector("AmazonVPC", "VpcEndpoint-Bytes"),
    PriceKey.PUBLIC_IPV4_HOUR: Selector("AmazonVPC", "PublicIPv4:InUseAddress"),
    PriceKey.INTERNET_EGRESS_DATA: Selector(
        "AWSDataTransfer", "DataTransfer-Out-Bytes", attributes={"transferType": "AWS Outbound"}
    ),
    PriceKey.INTER_ZONE_DATA: Selector(
        "AWSDataTransfer", "DataTransfer-Regional-Bytes", attributes={"transferType": "IntraRegion"}
    ),
    PriceKey.EKS_CLUSTER_HOUR: Selector("AmazonEKS", "AmazonEKS-Hours:perCluster"),
    PriceKey.EKS_EXTENDED_SUPPORT_HOUR: Selector("AmazonEKS", "AmazonEKS-Hours:extendedSupport"),
    PriceKey.LOGS_INGESTED: Selector(
        "AmazonCloudWatch", "DataProcessing-Bytes", attributes={"operation": "PutLogEvents"}
    ),
    PriceKey.LOGS_STORED: Selector("AmazonCloudWatch", "TimedStorage-ByteHrs"),
    PriceKey.ALARM_MONTH: Selector("AmazonCloudWatch", "CW:AlarmMonitorUsage"),
    PriceKey.METRIC_MONTH: Selector("AmazonCloudWatch", "CW:MetricMonitorUsage"),
    PriceKey.SECRET_MONTH: Selector("AWSSecretsManager", "AWSSecretsManager-Secrets"),
    PriceKey.SECRET_REQUEST: Selector("AWSSecretsManager", "AWSSecretsManagerAPIRequest"),
    PriceKey.KMS_KEY_MONTH: Selector("awskms", "KMS-Keys"),
    PriceKey.KMS_REQUEST: Selector("awskms", "KMS-Requests"),
    PriceKey.ECR_STORAGE: Selector("AmazonECR", "TimedStorage-ByteHrs"),
    PriceKey.S3_STORAGE: Selector("AmazonS3", "TimedStorage-ByteHrs", attributes={"volumeType": "Standard"}),
    PriceKey.CLOUD_MAP_CALL: Selector("AWSCloudMap", "Cloud-Map-DIR-API-Calls"),
    PriceKey.SNS_REQUEST: Selector("AmazonSNS", "Requests-Tier1"),
    PriceKey.SQS_REQUEST: Selector("AWSQueueService", "Requests-RBP"),
    PriceKey.ROUTE53_ZONE_MONTH: Selector("AmazonRoute53", "HostedZone"),
    PriceKey.ROUTE53_QUERY: Selector("AmazonRoute53", "DNS-Queries"),
}
"""Prices that the price list has under a usage type that is known. The others keep what the table had:
Fargate Spot is in a feed of its own, and what a web ACL, a private authority and VPC Lattice cost is stated
on their pages."""

EC2_OFFER = "AmazonEC2"
_INSTANCES = {
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "capacitystatus": "Used",
    "preInstalledSw": "NA",
    "licenseModel": "No License required",
}
"""What a plain Linux instance on demand is in the price list."""


def offers() -> tuple[str, ...]:
    """Name the offers that the prices of a table are in, sorted."""
    return tuple(sorted({selector.offer for selector in SELECTORS.values()}))


def select_prices(offer: str, rows: Iterable[PriceRow], region: str, source: str) -> dict[PriceKey, Price]:
    """Pick an offer's prices out of its rows: the first tier that costs anything, free tiers aside.

    Raises AmbiguousPriceError when rows of different prices match one key.
    """
    wanted = {key: selector for key, selector in SELECTORS.items() if selector.offer == offer}
    found: dict[PriceKey, list[PriceRow]] = {}
    for row in rows:
        for key, selector in wanted.items():
            if row.usd and selector.matches(row, region):
                found.setdefault(key, []).append(row)
    return {key: _first_tier(key, tiers, source) for key, tiers in found.items()}


def _first_tier(key: PriceKey, rows: list[PriceRow], source: str) -> Price:
    least = min(row.begin_range for row in rows)
    first = [row for row in rows if row.begin_range == least]
    if len({row.usd for row in first}) > 1:
        amounts = ", ".join(sorted(f"{row.usd:f}" for row in first))
        raise AmbiguousPriceError(f"{key} matches prices {amounts}", hint="narrow its selector")
    return Price(usd=first[0].usd.normalize() + Decimal(0), as_of=first[0].effective, source=source)


def is_plain_instance(row: PriceRow) -> bool:
    """Say whether a row is the price of a Linux instance on demand."""
    return "BoxUsage:" in row.usage_type and all(
        row.attribute(name) == value for name, value in _INSTANCES.items()
    )


def select_instances(
    rows: Iterable[PriceRow], source: str, previous: dict[str, InstancePrice]
) -> dict[str, InstancePrice]:
    """Pick the instance types; what is stated of Spot and Auto Mode is kept from the previous table."""
    instances: dict[str, InstancePrice] = {}
    for row in rows:
        kind = row.attribute("instanceType")
        memory = row.attribute("memory").removesuffix(" GiB").replace(",", "")
        if not is_plain_instance(row) or not row.usd or not kind or not _is_number(memory):
            continue
        known = previous.get(kind)
        instances[kind] = InstancePrice(
            vcpus=int(row.attribute("vcpu")),
            memory_gib=Decimal(memory),
            on_demand_usd_per_hour=row.usd.normalize() + Decimal(0),
            as_of=row.effective,
            source=source,
            spot_saving_percent=known.spot_saving_percent if known else None,
            spot_as_of=known.spot_as_of if known else None,
            auto_mode_usd_per_hour=known.auto_mode_usd_per_hour if known else None,
        )
    return instances


def _is_number(text: str) -> bool:
    return bool(text) and text.replace(".", "", 1).isdigit()


def newest(prices: Iterable[Price], fallback: date) -> date:
    """Return the newest date among prices."""
    return max((price.as_of for price in prices), default=fallback)
