"""The channels by which a notification goes: the main route, and every other that reaches its reader."""

from collections.abc import Sequence

from config.routes import Route
from models.queries.driver import array

# The rows of the routes that a statement is given.
ROUTES = """unnest(%(route_channels)s::text[], %(route_addresses)s::text[], %(route_everyone)s::boolean[],
                  %(route_operations)s::boolean[], %(route_restricted)s::boolean[])
           route(channel, address, everyone, operations, restricted)"""
# The channels of a notification that is `given`: its obligation's id and its contact_ref, null for operations. A case
# that bars anybody is told to operations on the main route alone, since the others lead to a channel that is shared.
CHANNELS = f"""lateral (
    select route.channel from {ROUTES}
    where route.everyone or case when given.contact_ref is null then route.operations else exists (
      select from contacts c where c.contact_ref = given.contact_ref and to_jsonb(c) ->> route.address is not null) end
    and (route.restricted and (route.everyone or given.contact_ref is not null) or not exists (
      select from obligations o join disclosed c on c.id = o.case_id
      where o.id = given.id
        and (c.is_restricted and not route.restricted or c.bars_any and given.contact_ref is null))))"""


def parameters(routes: Sequence[Route]) -> dict[str, str]:
    """The parameters of CHANNELS and ROUTES."""
    return {
        "route_channels": array(route.channel for route in routes),
        "route_addresses": array(route.address for route in routes),
        "route_everyone": array(route.everyone for route in routes),
        "route_operations": array(route.operations for route in routes),
        "route_restricted": array(route.restricted for route in routes),
    }
