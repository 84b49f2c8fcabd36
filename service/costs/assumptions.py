"""What an estimate takes for granted about use; a request may say otherwise."""

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

Amount = Annotated[Decimal, Field(ge=0, le=1_000_000_000_000, allow_inf_nan=False)]


class Assumptions(BaseModel):
    """Use in a month, each for one resource of its kind, so that costs add up resource by resource."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    nat_gb_per_gateway: Amount = Field(
        default=Decimal(50), description="GB that pass a NAT gateway: image pulls, calls to the internet"
    )
    capacity_units_per_load_balancer: Amount = Field(
        default=Decimal(1),
        description="Load balancer capacity units in use on average; one is 25 new connections a second, "
        "3,000 active ones, 1 GB an hour or 1,000 rule evaluations a second, whichever is most",
    )
    egress_gb_per_load_balancer: Amount = Field(
        default=Decimal(50),
        description="GB that leave a load balancer for the internet, the free 100 GB aside",
    )
    inter_zone_gb_per_load_balancer: Amount = Field(
        default=Decimal(20), description="GB between zones on the way from a load balancer, counted both ways"
    )
    gb_per_interface_endpoint: Amount = Field(
        default=Decimal(10), description="GB that pass an interface endpoint"
    )
    log_gb_per_log_group: Amount = Field(default=Decimal(1), description="GB that a log group takes in")
    default_log_retention_days: Amount = Field(
        default=Decimal(30), description="Days counted for a log group that keeps its logs for ever"
    )
    image_gb_per_repository: Amount = Field(default=Decimal(2), description="GB of images in a repository")
    object_gb_per_bucket: Amount = Field(default=Decimal(5), description="GB of objects in a bucket")
    requests_per_secret: Amount = Field(default=Decimal(1000), description="Reads of a secret")
    requests_per_key: Amount = Field(
        default=Decimal(20000), description="Requests that use a KMS key, the free 20,000 of an account aside"
    )
    notifications_per_topic: Amount = Field(default=Decimal(1000), description="Messages to a topic")
    messages_per_queue: Amount = Field(default=Decimal(100000), description="Requests to a queue")
    discovery_calls_per_registry: Amount = Field(
        default=Decimal(0), description="Calls of Cloud Map's API; names found through DNS make none"
    )
    queries_per_zone: Amount = Field(default=Decimal(1_000_000), description="DNS queries for a zone")
    lattice_gb_per_service: Amount = Field(
        default=Decimal(10), description="GB through a VPC Lattice service"
    )
    lattice_requests_per_service: Amount = Field(
        default=Decimal(0), description="Requests to a VPC Lattice service above the free 300,000 an hour"
    )
    auto_mode_fee_percent: Amount = Field(
        default=Decimal(12),
        description="What EKS Auto Mode adds to a node's on-demand price where the table has no fee for its "
        "type; the price list has 12 % for general families and less for those with GPUs",
    )
    autoscaled_node_type: str = Field(
        default="m6i.large",
        pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$",
        description="Instance type counted for nodes that Karpenter or Auto Mode choose",
    )
    node_packing_percent: Annotated[Decimal, Field(gt=0, le=100)] = Field(
        default=Decimal(80), description="Share of a node that workloads can fill; the rest is the system's"
    )


DEFAULT_ASSUMPTIONS = Assumptions()
