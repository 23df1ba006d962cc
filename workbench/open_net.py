"""Which network addresses are of the open net, and which lead inside a house, a machine or a cloud."""

from __future__ import annotations

import ipaddress

_GIVEN_OUT = ipaddress.ip_network("2000::/3")  # the part of the new addresses that is given to anybody at all
_INNER = tuple(
    ipaddress.ip_network(net)
    for net in (
        "192.0.0.0/24",  # protocols' own; Oracle's cloud keeps its metadata there
        "192.88.99.0/24",  # relays to the new addresses, given up
        "168.63.129.16/32",  # the host of a machine in Azure
        "3fff::/20",  # for documents
    )
)


def is_public(number: str) -> bool:
    """Whether an address is one of the open net, also inside the forms that carry an old one in a new one.

    What Python calls global differs between its versions, and none knows the addresses at which clouds answer guests.
    """
    address = ipaddress.ip_address(number.split("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address not in _GIVEN_OUT:
            return False
    return address.is_global and not address.is_multicast and not any(address in net for net in _INNER)
