"""The operator's ends of the BGP sessions with customers' routers."""

from provisioning.stands.simulator.cables import HasBearers
from provisioning.stands.simulator.customer_router import BgpSession, CustomerRouter, address_on
from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.operator_side import CUSTOMER_AS, NEIGHBOURS, OPERATOR_AS
from provisioning.stands.simulator.packets import LOCAL, TCP, Packet

BGP = 179


def session_on(bearer: str, version: int) -> BgpSession:
    """Return the session that the operator holds on a bearer, with whichever router."""
    return BgpSession(bearer, NEIGHBOURS[bearer][version], OPERATOR_AS, CUSTOMER_AS)


def announces(router: CustomerRouter, bearer: str, address: Address) -> bool:
    """Return whether BGP on a bearer stands, and tells of an address."""
    session = session_on(bearer, address.version)
    if isinstance(router, HasBearers):
        return router.holds(bearer, address.version) and router.announces(session, address)
    return router.announces(session, address) and takes_calls(router, bearer, address.version)


def takes_calls(router: CustomerRouter, bearer: str, version: int) -> bool:
    """Return whether a router takes the calls of BGP from the operator's end of a bearer."""
    own = int(address_on(router, version, bearer))
    call = Packet(version, TCP, int(NEIGHBOURS[bearer][version]), own, 40000, BGP, ttl=1)
    return router.forward(call, bearer).where == LOCAL
