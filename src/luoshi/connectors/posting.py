"""Posting: one HTTP request to an address that somebody else has chosen.

The address is hostile until checked: only ``https``, only to addresses of the open internet or of
networks that whoever runs Luoshi has named (``LUOSHI_WEBHOOK_NETWORKS``), and to the very address
that was checked, whatever the name says a moment later. Redirects are not followed, answers not
read beyond their status, and no conversation takes longer than ``SECONDS``, with all its TLS.

Fake     ``Collected`` keeps what was posted
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from luoshi.actions.deliveries import Posted

SECONDS = 10.0
PORTS = {"https": 443, "http": 80}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
log = structlog.get_logger("luoshi.webhooks")


class Unreachable(Exception):
    """The address may not be called, or leads nowhere; says in a word which."""


@dataclass
class Collected:
    """The fake: keeps what was posted and answers as told."""

    posted: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    status: int = 204

    def __call__(self, url: str, headers: dict[str, str], content: bytes) -> Posted:
        """Keep the request."""
        self.posted.append((url, headers, content))
        return Posted(self.status)


def post(url: str, headers: dict[str, str], content: bytes) -> Posted:
    """Post *content* to *url*; what ``LUOSHI_POST`` names by default."""
    return post_within(url, headers, content, networks(settings.LUOSHI_DOORS.networks))


def networks(words: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks that *words* name, such as ``10.1.0.0/16``."""
    return tuple(ipaddress.ip_network(word, strict=False) for word in words)


def post_within(
    url: str, headers: dict[str, str], content: bytes, allowed: Sequence[Network]
) -> Posted:
    """Post to *url* if it leads to the open internet or into an *allowed* network."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        address = checked(parts.scheme, host, _port(url), allowed)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Posted(_posted(parts.scheme, host, address, _port(url), target, headers, content))
    except Unreachable as reason:
        return Posted(reason=str(reason))
    except ssl.SSLError:
        return Posted(reason="tls")
    except TimeoutError:
        return Posted(reason="timeout")
    except (OSError, http.client.HTTPException, ValueError) as reason:
        return Posted(reason=type(reason).__name__)


def checked(scheme: str, host: str, port: int, allowed: Sequence[Network]) -> Address:
    """Return the address behind *host* that may be called.

    Raises:
        Unreachable: One of its addresses may not, or there is none.
    """
    found = _resolved(host, port)
    if not all(is_allowed(address, allowed) for address in found):
        raise Unreachable("private address")
    if scheme != "https" and not all(_is_own(address, allowed) for address in found):
        raise Unreachable("not https")
    return found[0]


def is_allowed(address: Address, allowed: Sequence[Network]) -> bool:
    """Return whether a request may go to *address*."""
    plain = _unwrapped(address)
    if any(plain in network for network in allowed if network.version == plain.version):
        return True
    return plain.is_global and not (plain.is_multicast or plain.is_reserved)


def _is_own(address: Address, allowed: Sequence[Network]) -> bool:
    plain = _unwrapped(address)
    named = any(plain in network for network in allowed if network.version == plain.version)
    return plain.is_loopback and named


NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def _resolved(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("no such host") from None
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or PORTS.get(parts.scheme, 443)


def _posted(
    scheme: str,
    host: str,
    address: Address,
    port: int,
    target: str,
    headers: dict[str, str],
    content: bytes,
) -> int:
    """Return the status answered; the connection goes to *address* and nowhere else."""
    with contextlib.ExitStack() as opened:
        talk = socket.create_connection((str(address), port), timeout=SECONDS)
        opened.callback(talk.close)
        line = opened.enter_context(talk.dup())  # stays ours when TLS takes the other one
        alarm = threading.Timer(SECONDS, _cut, [line])
        alarm.start()
        opened.callback(alarm.cancel)
        if scheme == "https":
            talk = ssl.create_default_context().wrap_socket(talk, server_hostname=host)
            opened.callback(talk.close)
        connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
        connection.sock = talk
        connection.request("POST", target, content, {**headers, "user-agent": "Luoshi"})
        return connection.getresponse().status


def _cut(talk: socket.socket) -> None:
    """End a conversation that drips on: each byte in time, but the whole never."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(talk, socket.SHUT_RDWR)
