"""What the same amount of compute costs in each way of buying it, with the arithmetic shown."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from service.core.errors import InvalidInputError
from service.costs.model import HOURS_PER_MONTH
from service.costs.spread import to_cents
from service.pricing.keys import PriceKey
from service.pricing.table import InstancePrice, PriceTable


class UnpricedInstanceTypeError(InvalidInputError):
    """The table has no such instance type."""

    code = "instance_type_not_priced"
    title = "There is no price for this instance type"


@dataclass(frozen=True, slots=True)
class Demand:
    """vCPUs and GB that run all month."""

    vcpus: Decimal
    memory_gb: Decimal


@dataclass(frozen=True, slots=True)
class ComputeChoice:
    """One way to buy it. `usd_per_month` is None where a price is missing; `arithmetic` says which."""

    name: str
    orchestrators: tuple[str, ...]
    usd_per_month: Decimal | None
    arithmetic: tuple[str, ...]
    note: str


def compute_choices(
    demand: Demand, table: PriceTable, *, instance_type: str = "m5.xlarge", auto_mode_fee_percent: Decimal
) -> tuple[ComputeChoice, ...]:
    """Return the choices, Fargate first; instances are whole ones, filled to the brim.

    Raises UnpricedInstanceTypeError when the table lacks the type.
    """
    instance = table.instances.get(instance_type)
    if instance is None:
        raise UnpricedInstanceTypeError(f"the table of {table.region} has no {instance_type}")
    nodes = _Nodes(instance_type, instance, instances_for(demand, instance))
    return (
        _fargate(demand, table),
        _fargate_spot(demand, table),
        nodes.on_demand("EC2", ("ecs",), "instances are patched and replaced by yourselves"),
        nodes.spot("EC2 Spot", ("ecs",)),
        nodes.on_demand("managed nodes", ("eks",), "EKS replaces nodes; versions are chosen by yourselves"),
        nodes.spot("managed Spot nodes", ("eks",)),
        nodes.on_demand("Karpenter", ("eks",), "the same nodes, bought as pods need them and packed again"),
        nodes.auto_mode(auto_mode_fee_percent),
    )


def instances_for(demand: Demand, instance: InstancePrice) -> int:
    """Return how many instances have the vCPUs and the memory, whichever asks for more."""
    by_cpu = (demand.vcpus / instance.vcpus).to_integral_value(rounding=ROUND_CEILING)
    by_memory = (demand.memory_gb / instance.memory_gib).to_integral_value(rounding=ROUND_CEILING)
    return int(max(by_cpu, by_memory))


def _fargate(demand: Demand, table: PriceTable) -> ComputeChoice:
    keys = (PriceKey.FARGATE_X86_VCPU, PriceKey.FARGATE_X86_MEMORY)
    note = "no instances to look after; paid by the second"
    return _by_size("Fargate", ("ecs", "eks"), demand, (table.usd(keys[0]), table.usd(keys[1]), note))


def _fargate_spot(demand: Demand, table: PriceTable) -> ComputeChoice:
    keys = (PriceKey.FARGATE_SPOT_X86_VCPU, PriceKey.FARGATE_SPOT_X86_MEMORY)
    note = "taken away with two minutes' notice; on ECS alone"
    return _by_size("Fargate Spot", ("ecs",), demand, (table.usd(keys[0]), table.usd(keys[1]), note))


def _by_size(
    name: str,
    orchestrators: tuple[str, ...],
    demand: Demand,
    rates: tuple[Decimal | None, Decimal | None, str],
) -> ComputeChoice:
    per_vcpu, per_gb, note = rates
    if per_vcpu is None or per_gb is None:
        return ComputeChoice(name, orchestrators, None, ("the table has no price for it",), note)
    cpu = demand.vcpus * HOURS_PER_MONTH * per_vcpu
    memory = demand.memory_gb * HOURS_PER_MONTH * per_gb
    steps = (
        f"{demand.vcpus:f} vCPU x {HOURS_PER_MONTH} h x {per_vcpu:f} USD = {_exact(cpu)} USD",
        f"{demand.memory_gb:f} GB x {HOURS_PER_MONTH} h x {per_gb:f} USD = {_exact(memory)} USD",
    )
    return ComputeChoice(name, orchestrators, to_cents(cpu + memory), steps, note)


@dataclass(frozen=True, slots=True)
class _Nodes:
    kind: str
    instance: InstancePrice
    count: int

    def on_demand(self, name: str, orchestrators: tuple[str, ...], note: str) -> ComputeChoice:
        usd, step = self._month(self.instance.on_demand_usd_per_hour)
        return ComputeChoice(name, orchestrators, to_cents(usd), (step,), note)

    def spot(self, name: str, orchestrators: tuple[str, ...]) -> ComputeChoice:
        note = "taken away with two minutes' notice; the saving is an average and moves"
        per_hour = self.instance.spot_usd_per_hour
        if per_hour is None:
            reason = f"no Spot saving is stated for {self.kind}"
            return ComputeChoice(name, orchestrators, None, (reason,), note)
        usd, step = self._month(per_hour)
        saving = (
            f"{self.instance.on_demand_usd_per_hour:f} USD less {self.instance.spot_saving_percent} % "
            f"= {_exact(per_hour)} USD"
        )
        return ComputeChoice(name, orchestrators, to_cents(usd), (saving, step), note)

    def auto_mode(self, fee_percent: Decimal) -> ComputeChoice:
        usd, step = self._month(self.instance.on_demand_usd_per_hour)
        stated = self.instance.auto_mode_usd_per_hour
        per_hour = self.instance.on_demand_usd_per_hour * fee_percent / 100 if stated is None else stated
        fee, fee_step = self._month(per_hour)
        steps = (step, f"fee: {fee_step}")
        note = "AWS runs the nodes, their patches and their storage, for a fee"
        return ComputeChoice("Auto Mode", ("eks",), to_cents(usd + fee), steps, note)

    def _month(self, per_hour: Decimal) -> tuple[Decimal, str]:
        usd = self.count * HOURS_PER_MONTH * per_hour
        step = f"{self.count} {self.kind} x {HOURS_PER_MONTH} h x {_exact(per_hour)} USD = {_exact(usd)} USD"
        return usd, step


def _exact(usd: Decimal) -> str:
    return f"{usd.normalize():f}"
