"""The names and addresses by which this machine is reached, of which a server at all of them prints the useful ones."""

from contextlib import suppress
from ipaddress import ip_address
from socket import AF_INET, AF_INET6, SOCK_DGRAM, getfqdn, gethostname, socket

_ELSEWHERE = {AF_INET: "192.0.2.1", AF_INET6: "2001:db8::1"}  # set aside for documentation: nothing is sent there


def is_all(host: str) -> bool:
    """Whether a host stands for all addresses of this machine, and so is none that a browser could open."""
    with suppress(ValueError):
        return ip_address(host).is_unspecified
    return not host


def names() -> set[str]:
    """What others on the network may call this machine, in small letters; nobody else can give it these names."""
    return {name.lower() for name in ("localhost", gethostname(), f"{gethostname()}.local", getfqdn())}


def _addresses(host: str) -> list[str]:
    """The addresses of this machine that others reach: of each kind that is served, the one it would send from."""
    found: list[str] = []
    kinds = [AF_INET6 if ":" in host else AF_INET] if host else _ELSEWHERE
    for family, elsewhere in ((kind, _ELSEWHERE[kind]) for kind in kinds):
        with suppress(OSError), socket(family, SOCK_DGRAM) as one:
            one.connect((elsewhere, 9))
            found.append(str(one.getsockname()[0]))
    return found


def reached_at(host: str) -> list[str]:
    """What to open for a host that is served: itself, or for all addresses the machine's name and its addresses."""
    return [gethostname(), *_addresses(host)] if is_all(host) else [host]
