"""What a cost estimate takes for granted about use; the programs themselves make nothing of it."""

from decimal import Decimal
from typing import Annotated, ClassVar, cast

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic.config import JsonDict

from programs.request.strict import StrictModel

MOST = 1_000_000_000_000


def _check_number(value: object) -> object:
    """Take a number as it is written, `0.5` for exactly that; no text, no boolean."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("should be a number")  # noqa: TRY004 -- pydantic turns no other error into one of the request
    return Decimal(str(value))


def _number_defaults(schema: JsonDict) -> None:
    """Write the defaults as the numbers that they are; pydantic writes a Decimal as text."""
    properties = cast("dict[str, JsonDict]", schema["properties"])
    for field in properties.values():
        if field["type"] == "number":
            field["default"] = _plain_number(Decimal(str(field["default"])))


def _plain_number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _schema(least: int, most: int, *, exclusive: bool = False) -> WithJsonSchema:
    bound = "exclusiveMinimum" if exclusive else "minimum"
    return WithJsonSchema({"type": "number", bound: least, "maximum": most})


_Number = Annotated[Decimal, BeforeValidator(_check_number), PlainSerializer(_plain_number, when_used="json")]
Amount = Annotated[_Number, Field(ge=0, le=MOST, allow_inf_nan=False), _schema(0, MOST)]
Percent = Annotated[_Number, Field(ge=0, le=1000, allow_inf_nan=False), _schema(0, 1000)]
Share = Annotated[_Number, Field(gt=0, le=100, allow_inf_nan=False), _schema(0, 100, exclusive=True)]
InstanceType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$", max_length=40)]


class CostAssumptions(StrictModel):
    """Use in a month, each for one resource of its kind, so that costs add up resource by resource."""

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra=_number_defaults)

    nat_gb_per_gateway: Amount = Field(
        default=Decimal(50),
        title="NAT traffic",
        description="GB a month that pass a NAT gateway: image pulls, calls to the internet.",
        examples=[50],
    )
    capacity_units_per_load_balancer: Amount = Field(
        default=Decimal(1),
        title="Load balancer capacity",
        description="Load balancer capacity units in use on average; one is 25 new connections a second, "
        "3,000 active ones, 1 GB an hour or 1,000 rule evaluations a second, whichever is most.",
        examples=[1.5],
    )
    egress_gb_per_load_balancer: Amount = Field(
        default=Decimal(50),
        title="Traffic to the internet",
        description="GB a month that leave a load balancer for the internet, the free 100 GB aside.",
        examples=[500],
    )
    inter_zone_gb_per_load_balancer: Amount = Field(
        default=Decimal(20),
        title="Traffic between zones",
        description="GB a month between zones on the way from a load balancer, counted both ways.",
        examples=[20],
    )
    gb_per_interface_endpoint: Amount = Field(
        default=Decimal(10),
        title="Endpoint traffic",
        description="GB a month that pass an interface endpoint.",
        examples=[10],
    )
    log_gb_per_log_group: Amount = Field(
        default=Decimal(1), title="Logs", description="GB a month that a log group takes in.", examples=[5]
    )
    default_log_retention_days: Amount = Field(
        default=Decimal(30),
        title="Retention counted",
        description="Days counted for a log group that keeps its logs for ever.",
        examples=[30],
    )
    image_gb_per_repository: Amount = Field(
        default=Decimal(2), title="Images", description="GB of images in a repository.", examples=[2]
    )
    object_gb_per_bucket: Amount = Field(
        default=Decimal(5), title="Objects", description="GB of objects in a bucket.", examples=[5]
    )
    requests_per_secret: Amount = Field(
        default=Decimal(1000), title="Secret reads", description="Reads of a secret a month.", examples=[1000]
    )
    requests_per_key: Amount = Field(
        default=Decimal(20000),
        title="Key use",
        description="Requests a month that use a KMS key, the free 20,000 of an account aside.",
        examples=[20000],
    )
    notifications_per_topic: Amount = Field(
        default=Decimal(1000), title="Messages", description="Messages to a topic a month.", examples=[1000]
    )
    messages_per_queue: Amount = Field(
        default=Decimal(100000),
        title="Queue requests",
        description="Requests to a queue a month.",
        examples=[100000],
    )
    discovery_calls_per_registry: Amount = Field(
        default=Decimal(0),
        title="Discovery calls",
        description="Calls of Cloud Map's API a month; names found through DNS make none.",
        examples=[0],
    )
    queries_per_zone: Amount = Field(
        default=Decimal(1_000_000),
        title="DNS queries",
        description="DNS queries for a zone a month.",
        examples=[1000000],
    )
    lattice_gb_per_service: Amount = Field(
        default=Decimal(10),
        title="VPC Lattice traffic",
        description="GB a month through a VPC Lattice service.",
        examples=[10],
    )
    lattice_requests_per_service: Amount = Field(
        default=Decimal(0),
        title="VPC Lattice requests",
        description="Requests a month to a VPC Lattice service above the free 300,000 an hour.",
        examples=[0],
    )
    auto_mode_fee_percent: Percent = Field(
        default=Decimal(12),
        title="Auto Mode fee",
        description="What EKS Auto Mode adds to a node's on-demand price where the price table has no fee "
        "for its type, in percent; the price list has 12 for general families and less for those with GPUs.",
        examples=[12],
    )
    autoscaled_node_type: InstanceType = Field(
        default="m6i.large",
        title="Node type",
        description="Instance type counted for nodes that Karpenter or Auto Mode choose.",
        examples=["m6i.large"],
    )
    node_packing_percent: Share = Field(
        default=Decimal(80),
        title="Node packing",
        description="Share of a node that workloads can fill, in percent; the rest is the system's.",
        examples=[80],
    )


DEFAULT_COST_ASSUMPTIONS = CostAssumptions()
