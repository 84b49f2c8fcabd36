"""Functions about networks."""

from collections.abc import Callable, Mapping

from sandbox.cloud.aws.functions.call import Invocation
from sandbox.cloud.aws.functions.lookup import matching
from sandbox.cloud.aws.references import missing
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, Value, object_of, objects_of, text_of

_ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_SUBNET = "aws:ec2/subnet:Subnet"
_VPC = "aws:ec2/vpc:Vpc"


def route_table(call: Invocation) -> Properties:
    """The route table of a subnet, or the one with an id; a subnet without one has its VPC's main table."""
    found = _route_table(call)
    routes: list[Value] = [*objects_of(found.outputs, "routes"), *_separate_routes(call, found)]
    return {
        "arn": found.arn or "",
        "associations": _associations(call, found),
        "gatewayId": "",
        "id": found.id,
        "ownerId": found.scope.account,
        "routeTableId": found.id,
        "routes": routes,
        "subnetId": call.text("subnetId"),
        "tags": object_of(found.outputs, "tagsAll"),
        "vpcId": text_of(found.outputs, "vpcId"),
    }


def route_tables(call: Invocation) -> Properties:
    """The ids of the route tables that the arguments describe."""
    wanted = _subnet_filter(call)
    found = [
        record.id
        for record in matching(call, _ROUTE_TABLE)
        if wanted is None or wanted & set(_subnets_of(call, record))
    ]
    return {"id": call.around.region, "ids": [*found]}


def subnets(call: Invocation) -> Properties:
    """The ids of the subnets that the arguments describe."""
    return {"id": call.around.region, "ids": [record.id for record in matching(call, _SUBNET)]}


def security_groups(call: Invocation) -> Properties:
    """The ids of the security groups that the arguments describe."""
    found = matching(call, "aws:ec2/securityGroup:SecurityGroup")
    return {
        "arns": [record.arn for record in found],
        "id": call.around.region,
        "ids": [record.id for record in found],
        "vpcIds": [text_of(record.outputs, "vpcId") for record in found],
    }


def prefix_list(call: Invocation) -> Properties:
    """An AWS-managed prefix list."""
    name = call.text("name") or f"com.amazonaws.{call.around.region}.s3"
    return {"cidrBlocks": ["52.216.0.0/15"], "id": "pl-63a5400a", "name": name}


def _route_table(call: Invocation) -> Record:
    id_, subnet_id = call.text("routeTableId"), call.text("subnetId")
    if id_:
        found = call.inventory.referenced(_ROUTE_TABLE, id_, call.around.scope)
    else:
        tables = call.inventory.of_type(_ROUTE_TABLE, call.around.account)
        found = next((table for table in tables if subnet_id in _subnets_of(call, table)), None)
    if found is None:
        raise missing(_ROUTE_TABLE, id_ or subnet_id)
    return found


def _subnet_filter(call: Invocation) -> set[Value] | None:
    for item in objects_of(call.arguments, "filters"):
        if item.get("name") == "association.subnet-id":
            values = item.get("values")
            return set(map(str, values)) if isinstance(values, list) else set()
    return None


def _subnets_of(call: Invocation, table: Record) -> list[str]:
    associations = call.inventory.of_type(_ASSOCIATION)
    here = (item for item in associations if item.outputs.get("routeTableId") == table.id)
    return [text_of(item.outputs, "subnetId") for item in here]


def _associations(call: Invocation, table: Record) -> list[Value]:
    return [
        {
            "gatewayId": "",
            "main": False,
            "routeTableAssociationId": item.id,
            "routeTableId": table.id,
            "subnetId": text_of(item.outputs, "subnetId"),
        }
        for item in call.inventory.of_type(_ASSOCIATION)
        if item.outputs.get("routeTableId") == table.id
    ]


def _separate_routes(call: Invocation, table: Record) -> list[Properties]:
    return [
        {"cidrBlock": text_of(item.outputs, "destinationCidrBlock"), **_target(item)}
        for item in call.inventory.of_type("aws:ec2/route:Route")
        if item.outputs.get("routeTableId") == table.id
    ]


def _target(route: Record) -> Properties:
    return {
        name: text_of(route.outputs, name) for name in ("gatewayId", "natGatewayId", "networkInterfaceId")
    }


FUNCTIONS: Mapping[str, Callable[[Invocation], Properties]] = {
    "aws:ec2/getRouteTable:getRouteTable": route_table,
    "aws:ec2/getRouteTables:getRouteTables": route_tables,
    "aws:ec2/getSubnets:getSubnets": subnets,
    "aws:ec2/getSecurityGroups:getSecurityGroups": security_groups,
    "aws:ec2/getPrefixList:getPrefixList": prefix_list,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": prefix_list,
}
