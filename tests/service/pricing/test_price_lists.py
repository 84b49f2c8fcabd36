"""Tables generated from AWS's price list."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.stub import ANY, Stubber

from service.pricing.generate import generate_table, not_found, offer_url
from service.pricing.keys import PriceKey
from service.pricing.load import read_table, write_table
from service.pricing.refresh import refresh_table
from service.pricing.rows import rows_of_csv, rows_of_offer
from service.pricing.selection import (
    AmbiguousPriceError,
    offers,
    select_instances,
    select_prices,
)
from service.pricing.table import Method
from tests.service.pricing.price_lists import api_product, ec2_csv, instance, offer_file, product

FARGATE = (
    product("USE1-Fargate-vCPU-Hours:perCPU", ("0", "0.0404800000")),
    product("USE1-Fargate-GB-Hours", ("0", "0.0044450000")),
    product("USE1-Fargate-ARM-vCPU-Hours:perCPU", ("0", "0.0323800000")),
    product("USE1-Fargate-Windows-vCPU-Hours:perCPU", ("0", "0.0465520000")),
    product("USE1-SpotUsage-Fargate-vCPU-Hours:perCPU", ("0", "0.0120000000")),
)
BALANCERS = (
    product("EU-LoadBalancerUsage", ("0", "0.0252"), family="Load Balancer-Application"),
    product("EU-LoadBalancerUsage", ("0", "0.0280"), family="Load Balancer"),
    product("EU-Outposts-LoadBalancerUsage", ("0", "0.0000001"), family="Load Balancer-Application"),
    product("EU-TS-LoadBalancerUsage", ("0", "0.0050"), family="Load Balancer-Application"),
    product("EU-LCUUsage", ("0", "0.008"), family="Load Balancer-Application"),
    product("EU-ReservedLCUUsage", ("0", "0.009"), family="Load Balancer-Application"),
)


def test_rows_that_look_alike_are_told_apart() -> None:
    """Windows, Spot and ARM rows are not the price of a Linux x86 vCPU."""
    prices = select_prices("AmazonECS", rows_of_offer(offer_file(*FARGATE)), "us-east-1", "a file")
    assert {key: price.usd for key, price in prices.items()} == {
        PriceKey.FARGATE_X86_VCPU: Decimal("0.04048"),
        PriceKey.FARGATE_X86_MEMORY: Decimal("0.004445"),
        PriceKey.FARGATE_ARM_VCPU: Decimal("0.03238"),
    }
    assert prices[PriceKey.FARGATE_X86_VCPU].as_of == date(2026, 9, 1)


def test_region_prefix_is_that_of_the_region() -> None:
    """eu-west-1 has its old prefix; Outposts, trust stores and reserved capacity are other things."""
    prices = select_prices("AWSELB", rows_of_offer(offer_file(*BALANCERS)), "eu-west-1", "a file")
    assert {key: price.usd for key, price in prices.items()} == {
        PriceKey.ALB_HOUR: Decimal("0.0252"),
        PriceKey.ALB_CAPACITY: Decimal("0.008"),
    }


def test_first_tier_that_costs_is_taken() -> None:
    """A free tier before it, and cheaper tiers after it, are left out."""
    tiers = product("Requests-RBP", ("0", "0.0"), ("1000000", "0.0000004"), ("100000000000", "0.0000003"))
    prices = select_prices("AWSQueueService", rows_of_offer(offer_file(tiers)), "us-east-1", "a file")
    assert prices[PriceKey.SQS_REQUEST].usd == Decimal("0.0000004")


def test_two_prices_for_one_thing_are_refused() -> None:
    """When the price list changes its shape, nobody picks one of two prices silently."""
    twice = offer_file(product("KMS-Keys", ("0", "1.0")), product("us-east-1-KMS-Keys", ("0", "2.0")))
    with pytest.raises(AmbiguousPriceError, match="kms_usd_per_key_month matches prices"):
        select_prices("awskms", rows_of_offer(twice), "us-east-1", "a file")


def test_instances_are_plain_linux_on_demand() -> None:
    """Windows, dedicated and reserved rows are left out; the size comes with the price."""
    text = ec2_csv(
        [
            instance("m5.xlarge", "0.1920000000"),
            instance("m5.xlarge", "0.3760000000", **{"Operating System": "Windows"}),
            instance("m5.xlarge", "0.2090000000", Tenancy="Dedicated", usageType="DedicatedUsage:m5.xlarge"),
            instance("m5.xlarge", "0.1210000000", TermType="Reserved"),
            instance("m5.2xlarge", "0.0000000000", CapacityStatus="UnusedCapacityReservation"),
        ]
    )
    instances = select_instances(rows_of_csv(text.splitlines()), "a file", {})
    assert instances.keys() == {"m5.xlarge"}
    assert instances["m5.xlarge"].on_demand_usd_per_hour == Decimal("0.192")
    assert (instances["m5.xlarge"].vcpus, instances["m5.xlarge"].memory_gib) == (4, Decimal(16))


def _offer_folder(folder: Path) -> Path:
    for offer in offers():
        (folder / f"{offer}-us-east-1.json").write_bytes(offer_file())
    (folder / "AmazonECS-us-east-1.json").write_bytes(offer_file(*FARGATE))
    (folder / "AmazonEC2-us-east-1.csv").write_text(
        ec2_csv(
            [
                instance("m5.xlarge", "0.2000000000"),
                instance("", "0.0900000000", usageType="EBS:VolumeUsage.gp3"),
            ]
        ),
        encoding="utf-8",
    )
    return folder


def test_generated_table_keeps_what_the_price_list_does_not_say(tmp_path: Path) -> None:
    """What the files have is new and dated by them; the rest keeps its price, its date and its source."""
    previous = read_table("us-east-1")
    table = generate_table("us-east-1", _offer_folder(tmp_path), previous)
    assert table.method is Method.PRICE_LIST
    assert table.usd(PriceKey.EBS_GP3_STORAGE) == Decimal("0.09")
    assert table.instances["m5.xlarge"].on_demand_usd_per_hour == Decimal("0.2")
    assert table.instances["m5.xlarge"].spot_saving_percent == 66
    kept = PriceKey.FARGATE_SPOT_X86_VCPU
    assert table.prices[kept] == previous.prices[kept]
    assert PriceKey.KMS_KEY_MONTH in not_found(table)
    assert PriceKey.FARGATE_X86_VCPU not in not_found(table)
    assert {price.source for price in table.prices.values()} <= table.sources.keys()


def test_written_table_reads_back(tmp_path: Path) -> None:
    """A table survives its file, to the last digit."""
    table = read_table("us-east-1")
    write_table(table, tmp_path)
    assert read_table("us-east-1", tmp_path) == table


def test_offer_files_are_where_aws_publishes_them() -> None:
    """One file for each region, but for what is priced the same everywhere; EC2's as CSV."""
    assert offer_url("AmazonECS", "eu-west-1") == (
        "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonECS/current/eu-west-1/index.json"
    )
    assert offer_url("AmazonRoute53", "eu-west-1").endswith("/AmazonRoute53/current/index.json")
    assert offer_url("AmazonEC2", "eu-west-1").endswith("/AmazonEC2/current/eu-west-1/index.csv")


def _pricing_client() -> Any:  # noqa: ANN401 -- botocore makes its clients at run time
    return botocore.session.Session().create_client(
        "pricing",
        region_name="us-east-1",
        aws_access_key_id="stubbed",
        aws_secret_access_key="stubbed",  # noqa: S106 -- no request leaves the process
    )


def test_refresh_reads_every_page_of_every_offer() -> None:
    """Prices of the Pricing API replace those of the table; what it lacks stays."""
    previous = read_table("us-east-1")
    client = _pricing_client()
    with Stubber(client) as answers:
        for offer in offers():
            token: dict[str, str] = {}
            for page in _pages(offer):
                asked = {"ServiceCode": offer, "Filters": ANY, **token}
                answers.add_response("get_products", page, asked)
                token = {"NextToken": page["NextToken"]} if "NextToken" in page else {}
        table = refresh_table(client, previous)
        answers.assert_no_pending_responses()
    assert table.method is Method.PRICING_API
    assert table.usd(PriceKey.FARGATE_X86_VCPU) == Decimal("0.05")
    assert table.usd(PriceKey.FARGATE_X86_MEMORY) == Decimal("0.005")
    assert table.prices[PriceKey.KMS_KEY_MONTH] == previous.prices[PriceKey.KMS_KEY_MONTH]


def _pages(offer: str) -> list[dict[str, Any]]:
    if offer == "AmazonECS":
        first = api_product(product("USE1-Fargate-vCPU-Hours:perCPU", ("0", "0.05")))
        second = api_product(product("USE1-Fargate-GB-Hours", ("0", "0.005")))
        return [{"PriceList": [first], "NextToken": "1"}, {"PriceList": [second]}]
    return [{"PriceList": []}] * (3 if offer == "AmazonEC2" else 1)
