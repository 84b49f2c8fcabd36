"""What environments count for: their requests, reckoned with the sizes of instance types."""

from collections.abc import Mapping

from pydantic import ValidationError

from programs.planning.footprint import Machine, families_of, footprint_of
from programs.request import EcsEnvironment, EksEnvironment, parse_request
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.limits.model import Demand
from service.limits.repository import Living
from service.pricing.repository import find_prices, list_priced_regions


async def machine_sizes(uow: UnitOfWork) -> Mapping[str, Machine]:
    """Return the size of every instance type that some region's prices name: it is the same in all."""
    machines: dict[str, Machine] = {}
    for region in await list_priced_regions(uow):
        table = await find_prices(region, uow)
        instances = {} if table is None else table.instances
        machines |= {name: Machine(one.vcpus, float(one.memory_gib)) for name, one in instances.items()}
    return machines


def demand_of(environment: Environment | Living, machines: Mapping[str, Machine]) -> Demand:
    """Return what a recorded environment counts for; a request that is no longer valid holds no compute."""
    try:
        request = parse_request(environment.request)
    except ValidationError:
        return Demand(environment.environment_class, environment.region)
    return _with_compute(environment, request, machines)


def _with_compute(
    environment: Environment | Living,
    request: EcsEnvironment | EksEnvironment,
    machines: Mapping[str, Machine],
) -> Demand:
    footprint = footprint_of(request, machines.get)
    return Demand(
        environment_class=environment.environment_class,
        region=environment.region,
        vcpus=footprint.vcpus,
        memory_gib=footprint.memory_gib,
        families=families_of(request),
        unsized_types=footprint.unsized_types,
    )
