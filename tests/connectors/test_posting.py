"""Posting goes where it may, to the address that was checked, and never waits for ever."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from tests.receiver import Receiver, listening

from luoshi.connectors import posting
from luoshi.connectors.posting import is_allowed, networks, post_within

PATIENCE = 60.0
"""Seconds: enough for a machine that is busy; what drips here would drip for minutes."""
HERE = networks(["127.0.0.0/8"])
PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.1", "255.255.255.255", "224.0.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1",
    "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2001:db8::1", "192.0.2.1",
]  # fmt: skip


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as running:
        yield running


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_inside_are_refused(address: str) -> None:
    assert not is_allowed(ipaddress.ip_address(address), ())


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_addresses_of_the_open_internet_are_allowed(address: str) -> None:
    assert is_allowed(ipaddress.ip_address(address), ())


def test_a_network_of_one_s_own_can_be_named() -> None:
    own = networks(["10.1.0.0/16"])
    assert is_allowed(ipaddress.ip_address("10.1.2.3"), own)
    assert is_allowed(ipaddress.ip_address("::ffff:10.1.2.3"), own)
    assert not is_allowed(ipaddress.ip_address("10.2.2.3"), own)


def test_a_request_arrives_whole(receiver: Receiver) -> None:
    posted = post_within(receiver.url + "?a=1", {"webhook-id": "x"}, b"{}", HERE)
    assert posted.status == 204
    assert posted.is_taken
    path, headers, content = receiver.got[0]
    assert (path, content, headers["webhook-id"]) == ("/events?a=1", b"{}", "x")
    assert headers["user-agent"] == "Luoshi"


@pytest.mark.parametrize("allowed", [(), networks(["10.0.0.0/8"])])
def test_loopback_is_never_called_unless_it_is_named(
    receiver: Receiver, allowed: tuple[posting.Network, ...]
) -> None:
    assert post_within(receiver.url, {}, b"{}", allowed).reason == "private address"
    name = receiver.url.replace("127.0.0.1", "localhost")
    assert post_within(name, {}, b"{}", allowed).reason == "private address"
    assert receiver.got == []


def test_plain_http_is_for_loopback_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(host: str, port: int, **how: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", port))]

    monkeypatch.setattr(posting.socket, "getaddrinfo", resolved)
    assert post_within("http://example.cn/", {}, b"{}", HERE).reason == "not https"


def test_a_name_with_one_private_address_among_others_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def resolved(host: str, port: int, **how: object) -> list[object]:
        found = ["1.1.1.1", "10.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(posting.socket, "getaddrinfo", resolved)
    assert post_within("https://example.cn/", {}, b"{}", ()).reason == "private address"


def test_the_address_that_was_checked_is_the_one_that_is_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]  # a name that moves between checking and calling

    def resolved(host: str, port: int, *rest: object, **how: object) -> list[object]:
        if host == "moving.example":
            found = answers.pop(0)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]
        return real(host, port, *rest, **how)

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    url = f"http://moving.example:{receiver.port}/"
    assert post_within(url, {}, b"{}", HERE).status == 204
    assert answers == [["10.0.0.1"]]


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.location = 302, receiver.url + "/elsewhere"
    posted = post_within(receiver.url, {}, b"{}", HERE)
    assert (posted.status, posted.is_taken) == (302, False)
    assert len(receiver.got) == 1


def test_a_receiver_that_drips_is_cut_off(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.5)
    monkeypatch.setattr(posting.http.client, "_MAXHEADERS", 10_000)
    receiver.drip = True
    began = time.monotonic()
    posted = post_within(receiver.url, {}, b"{}", HERE)
    assert posted.status in (0, 200)  # which it may have said before it dripped
    assert time.monotonic() - began < PATIENCE


def test_a_handshake_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ends = threading.Event()
        dripping = threading.Thread(target=_drip_tls, args=(listener, ends))
        dripping.start()
        began = time.monotonic()
        posted = post_within(f"https://127.0.0.1:{listener.getsockname()[1]}/", {}, b"{}", HERE)
        ends.set()
        dripping.join()
    assert posted.status == 0
    assert posted.reason
    assert time.monotonic() - began < PATIENCE


def _drip_tls(listener: socket.socket, ends: threading.Event) -> None:
    """Answer with one long TLS record, a byte at a time."""
    talk, _ = listener.accept()
    with talk, contextlib.suppress(OSError):
        talk.sendall(b"\x16\x03\x03\x3f\xff")
        while not ends.wait(0.05):
            talk.sendall(b"\x02")


def test_a_receiver_that_sleeps_is_given_up(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.2)
    receiver.delay = 1.0
    posted = post_within(receiver.url, {}, b"{}", HERE)
    assert not posted.is_taken
    assert posted.reason


@pytest.mark.parametrize(
    "url",
    ["https://[::1", "https://", "https://host:99999/", "http://127.0.0.1:1/", "gopher://x/",
     "https://no-such-host.invalid/", "https://xn--\x00/", "https://a" + "b" * 300 + ".example/"],
)  # fmt: skip
def test_what_cannot_be_called_is_told_and_not_raised(url: str) -> None:
    posted = post_within(url, {}, b"{}", HERE)
    assert not posted.is_taken
    assert posted.word


def test_a_certificate_that_nobody_vouches_for_is_refused(receiver: Receiver) -> None:
    url = receiver.url.replace("http://", "https://")
    assert post_within(url, {}, b"{}", HERE).reason in ("tls", "timeout")
