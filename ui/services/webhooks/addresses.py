"""Where deliveries may go: https, or http on this machine; into no private network unasked.

A name is looked up when something is sent, and what is connected to is the address that was
checked: a name that points elsewhere a moment later gains nothing.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from ui.services.errors import Unfit

MAX_URL = 2_000
"""Characters."""

Address = IPv4Address | IPv6Address

TRANSLATED = ip_network("64:ff9b::/96")
"""Addresses of IPv6 that stand for one of IPv4 (NAT64)."""


class Forbidden(OSError):
    """A name points to where nothing may be sent."""


@dataclass(frozen=True)
class Addresses:
    """The rule. `private_allowed`: receivers may be in private networks."""

    private_allowed: bool = False

    def check(self, url: str) -> None:
        """Raises `Unfit` for a URL that nothing may be sent to, as far as it shows."""
        parts = _split(url)
        host = parts.hostname or ""
        if parts.scheme != "https" and not (parts.scheme == "http" and is_this_machine(host)):
            raise Unfit(
                "A webhook's URL begins with https://; http:// is for receivers on this machine "
                "(http://127.0.0.1:…)."
            )
        literal = _literal(host)
        if literal is not None and not is_this_machine(host) and not self._may(literal):
            raise Unfit(
                f"{host} is in a private network. Start Spardesk with --webhooks-private if "
                "receivers are there."
            )

    def resolve(self, host: str, port: int) -> str:
        """The address to connect to; raises `OSError` where there is none, or none allowed."""
        local = is_this_machine(host)
        try:
            listed = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:  # a part of the name is too long
            raise OSError(f"{host} is no name of a machine") from error
        for _, _, _, _, found in listed:
            address = ip_address(str(found[0]).partition("%")[0])
            if _plain(address).is_loopback if local else self._may(address):
                return str(found[0])
        raise Forbidden(f"{host} is in a private network, where nothing may be sent")

    def _may(self, address: Address) -> bool:
        plain = _plain(address)
        if plain.is_multicast or plain.is_unspecified or plain.is_loopback or plain.is_link_local:
            return False  # link-local: where clouds tell a machine its secrets
        return plain.is_global or (self.private_allowed and plain.is_private)


def is_this_machine(host: str) -> bool:
    """Whether a URL's host says itself that it is the machine Spardesk runs on."""
    literal = _literal(host)
    return host == "localhost" or (literal is not None and _plain(literal).is_loopback)


def _split(url: str) -> SplitResult:
    """Raises `Unfit`."""
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError as error:
        raise Unfit(
            "This is no URL. A webhook's URL is such as https://example.org/hook."
        ) from error
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_URL
    if not (plain and parts.hostname and has_port):
        raise Unfit(
            f"A webhook's URL has at most {MAX_URL:,} characters, a host, and no blanks or letters "
            "beyond ASCII."
        )
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Unfit("A webhook's URL holds no name, password or fragment (#).")
    return parts


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _plain(address: Address) -> Address:
    """The address of IPv4 that one of IPv6 stands for."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
