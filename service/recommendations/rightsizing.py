"""Advice on a request before it is deployed: what would cost less, how much, and the change that does it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from programs.planning.sizes import FARGATE_SIZES
from programs.request import EcsEnvironment, EksEnvironment
from programs.request.costs import DEFAULT_COST_ASSUMPTIONS, CostAssumptions
from programs.request.network import NatGateways
from programs.request.shape import EnvironmentClass
from programs.request.workload import Architecture, Workload
from service.costs.model import HOURS_PER_MONTH
from service.pricing.keys import PriceKey
from service.pricing.table import PriceTable

JUST_ABOVE_PERCENT = 15
"""A Fargate size at most so much larger than the next smaller one is just above it."""
_GATEWAY_ENDPOINTS = frozenset({"s3", "dynamodb"})
_CPU_UNITS_PER_VCPU = 1024
_MIB_PER_GB = 1024


@dataclass(frozen=True, slots=True)
class Advice:
    """One change. `merge_patch` is the body of the PATCH that makes it (RFC 7396)."""

    code: str
    pointer: str
    message: str
    saving_usd_per_month: Decimal
    merge_patch: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Case:
    request: EcsEnvironment | EksEnvironment
    document: Mapping[str, object]
    table: PriceTable
    assumptions: CostAssumptions

    def month(self, key: PriceKey) -> Decimal | None:
        """Return what an hourly price is in a month, None where it is not known."""
        usd = self.table.usd(key)
        return None if usd is None else usd * HOURS_PER_MONTH


def advise(
    request: EcsEnvironment | EksEnvironment,
    document: Mapping[str, object],
    table: PriceTable,
    assumptions: CostAssumptions = DEFAULT_COST_ASSUMPTIONS,
) -> tuple[Advice, ...]:
    """Return advice with its saving, the largest first; `document` is the request as it was written."""
    case = _Case(request, document, table, assumptions)
    found = [*_nat_per_zone(case), *_endpoints_beside_nat(case)]
    if isinstance(request, EcsEnvironment):
        found += [*_fargate_sizes(case, request), *_spot_workers(case, request)]
    worthwhile = [advice for advice in found if advice.saving_usd_per_month > 0]
    return tuple(sorted(worthwhile, key=lambda advice: (-advice.saving_usd_per_month, advice.pointer)))


def _nat_per_zone(case: _Case) -> Iterator[Advice]:
    """A gateway in each zone outlives the loss of one; short-lived things need no such care."""
    network = case.request.network
    hour, address = case.month(PriceKey.NAT_GATEWAY_HOUR), case.month(PriceKey.PUBLIC_IPV4_HOUR)
    is_production = case.request.environment_class is EnvironmentClass.PRODUCTION
    if network.existing or network.nat_gateways is not NatGateways.ONE_PER_AZ or is_production:
        return
    if hour is None or address is None:
        return
    yield Advice(
        code="nat_gateway_per_zone",
        pointer="/network/nat_gateways",
        message=f"{network.availability_zones} NAT gateways stand in class {case.request.environment_class}; "
        "one is enough where the loss of a zone may stop calls to the internet",
        saving_usd_per_month=(network.availability_zones - 1) * (hour + address),
        merge_patch={"network": {"nat_gateways": NatGateways.SINGLE.value}},
    )


def _endpoints_beside_nat(case: _Case) -> Iterator[Advice]:
    """Interface endpoints beside a NAT gateway pay when they keep more from it than they cost."""
    network = case.request.network
    interfaces = [name for name in network.endpoints if name not in _GATEWAY_ENDPOINTS]
    hour = case.month(PriceKey.INTERFACE_ENDPOINT_HOUR)
    per_gb, through_nat = (
        case.table.usd(PriceKey.INTERFACE_ENDPOINT_DATA),
        case.table.usd(PriceKey.NAT_GATEWAY_DATA),
    )
    if network.existing or network.nat_gateways is NatGateways.NONE or not interfaces:
        return
    if hour is None or per_gb is None or through_nat is None:
        return
    endpoints = len(interfaces) * network.availability_zones * hour
    kept_gb = case.assumptions.gb_per_interface_endpoint * len(interfaces)
    kept = [name for name in network.endpoints if name in _GATEWAY_ENDPOINTS]
    yield Advice(
        code="interface_endpoints_beside_nat",
        pointer="/network/endpoints",
        message=f"{len(interfaces)} interface endpoints in {network.availability_zones} zones keep "
        f"{kept_gb:f} GB a month from the NAT gateway, which would take less for them; keep the endpoints "
        "where traffic must not leave the VPC",
        saving_usd_per_month=endpoints - kept_gb * (through_nat - per_gb),
        merge_patch={"network": {"endpoints": kept}},
    )


def _fargate_sizes(case: _Case, request: EcsEnvironment) -> Iterator[Advice]:
    """A size just above a cheaper one, for all copies as desired."""
    if not request.capacity.runs_on_fargate:
        return
    for index, workload in enumerate(request.workloads):
        smaller = _next_smaller_memory(workload)
        is_arm = workload.architecture is Architecture.ARM64
        key = PriceKey.FARGATE_ARM_MEMORY if is_arm else PriceKey.FARGATE_X86_MEMORY
        per_gb = case.month(key)
        if smaller is None or per_gb is None:
            continue
        less_gb = Decimal(workload.memory_mib - smaller) / _MIB_PER_GB
        yield Advice(
            code="fargate_size_just_above",
            pointer=f"/workloads/{index}/memory_mib",
            message=f"{workload.memory_mib} MiB is just above {smaller} MiB; "
            f"take the smaller size if `{workload.name}` does not need the last {less_gb:f} GB",
            saving_usd_per_month=less_gb * per_gb * workload.replicas.desired,
            merge_patch=_workload_patch(case, index, {"memory_mib": smaller}),
        )


def _next_smaller_memory(workload: Workload) -> int | None:
    """Return the next smaller memory for the same CPU where it is within a few percent."""
    smaller = [
        size.memory_mib
        for size in FARGATE_SIZES
        if size.cpu_units == workload.cpu_units and size.memory_mib < workload.memory_mib
    ]
    nearest = max(smaller, default=None)
    if nearest is None or workload.memory_mib * 100 > nearest * (100 + JUST_ABOVE_PERCENT):
        return None
    return nearest


def _workload_patch(case: _Case, index: int, changes: Mapping[str, object]) -> Mapping[str, object]:
    """Write all workloads anew with one changed: a merge patch takes lists whole."""
    workloads = cast("list[Mapping[str, object]]", case.document["workloads"])
    changed = [
        {**workload, **changes} if place == index else dict(workload)
        for place, workload in enumerate(workloads)
    ]
    return {"workloads": changed}


def _spot_workers(case: _Case, request: EcsEnvironment) -> Iterator[Advice]:
    """Workers that nobody calls bear being stopped with two minutes' notice, outside production."""
    capacity = request.capacity
    is_production = request.environment_class is EnvironmentClass.PRODUCTION
    if is_production or capacity.fargate_spot_weight or capacity.ec2_weight or not capacity.fargate_weight:
        return
    if any(workload.ports for workload in request.workloads):
        return
    base = capacity.fargate.base if capacity.fargate else 0
    saving = sum((_spot_saving(workload, base, case) for workload in request.workloads), start=Decimal(0))
    yield Advice(
        code="workers_on_spot",
        pointer="/capacity",
        message="no workload listens on a port: workers can run on Fargate Spot beyond the base, and are "
        "stopped with two minutes' notice when AWS takes capacity back",
        saving_usd_per_month=saving,
        merge_patch={"capacity": {"fargate": {"base": base, "weight": 0}, "fargate_spot": {"weight": 100}}},
    )


def _spot_saving(workload: Workload, base: int, case: _Case) -> Decimal:
    is_arm = workload.architecture is Architecture.ARM64
    keys = _ARM_PRICES if is_arm else _X86_PRICES
    prices = [case.month(key) for key in keys]
    vcpu, memory, spot_vcpu, spot_memory = prices
    if vcpu is None or memory is None or spot_vcpu is None or spot_memory is None:
        return Decimal(0)
    copies = max(0, workload.replicas.desired - base)
    vcpus = Decimal(workload.cpu_units) / _CPU_UNITS_PER_VCPU
    memory_gb = Decimal(workload.memory_mib) / _MIB_PER_GB
    return copies * (vcpus * (vcpu - spot_vcpu) + memory_gb * (memory - spot_memory))


_X86_PRICES = (
    PriceKey.FARGATE_X86_VCPU,
    PriceKey.FARGATE_X86_MEMORY,
    PriceKey.FARGATE_SPOT_X86_VCPU,
    PriceKey.FARGATE_SPOT_X86_MEMORY,
)
_ARM_PRICES = (
    PriceKey.FARGATE_ARM_VCPU,
    PriceKey.FARGATE_ARM_MEMORY,
    PriceKey.FARGATE_SPOT_ARM_VCPU,
    PriceKey.FARGATE_SPOT_ARM_MEMORY,
)
