"""The names and addresses of this machine; a server at a wildcard address prints the useful ones."""

from contextlib import suppress
from ipaddress import ip_address
from socket import AF_INET, AF_INET6, SOCK_DGRAM, getfqdn, gethostname, socket

_ELSEWHERE = {AF_INET: "192.0.2.1", AF_INET6: "2001:db8::1"}  # reserved for documentation: nothing is sent there


def is_wildcard(host: str) -> bool:
    """Whether a host is a wildcard address (0.0.0.0, ::, or empty), which no browser can open."""
    with suppress(ValueError):
        return ip_address(host).is_unspecified
    return not host


def list_own_names() -> set[str]:
    """Return the lower-case names of this machine on the network, none of which anyone else can give it."""
    return {name.lower() for name in ("localhost", gethostname(), f"{gethostname()}.local", getfqdn())}


def _find_addresses(host: str) -> list[str]:
    """Return the addresses by which others reach this machine: for each family served, the one it sends from."""
    found: list[str] = []
    kinds = [AF_INET6 if ":" in host else AF_INET] if host else _ELSEWHERE
    for family, elsewhere in ((kind, _ELSEWHERE[kind]) for kind in kinds):
        with suppress(OSError), socket(family, SOCK_DGRAM) as one:
            one.connect((elsewhere, 9))
            found.append(str(one.getsockname()[0]))
    return found


def list_reachable_hosts(host: str) -> list[str]:
    """Return what to open for a host: itself, or for a wildcard address the machine's name and addresses."""
    return [gethostname(), *_find_addresses(host)] if is_wildcard(host) else [host]
