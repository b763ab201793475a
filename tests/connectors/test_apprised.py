"""Messages leave through apprise to a real server here; nothing personal stays in logs."""

from __future__ import annotations

import json
import logging
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from tests.actions.conftest import Watch
from tests.actions.lamp import opened
from tests.receiver import Receiver, listening

from luoshi.actions.outbox import Sent, deliver, way_out
from luoshi.config.doors import Doors
from luoshi.connectors.apprised import Apprised, by_way
from luoshi.connectors.letters import NotSent, Outgoing
from luoshi.store.models import Message

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # inside apprise
LETTER = Outgoing("k", "sms", "15400001234", "您的诉求已登记，编号 20260309000012。")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as running:
        running.status = 200
        yield running


def service(receiver: Receiver) -> str:
    """A way out in apprise's own words: JSON posted to the receiver."""
    return f"json://127.0.0.1:{receiver.port}/sms?+to={{address}}&:to={{address}}"


def test_a_message_arrives_whole_and_for_whom_it_is(receiver: Receiver) -> None:
    Apprised(service(receiver)).send(LETTER)
    ((_, headers, content),) = receiver.got
    told = json.loads(content)
    assert told["message"] == LETTER.text
    assert LETTER.address in (headers.get("to"), told.get("to"))


def test_what_the_service_refuses_is_not_sent_and_names_nobody(receiver: Receiver) -> None:
    receiver.status = 500
    with pytest.raises(NotSent) as refused:
        Apprised(service(receiver)).send(LETTER)
    assert "154" not in str(refused.value)
    with pytest.raises(NotSent):
        Apprised("nonsense").send(LETTER)


def test_a_hostile_address_stays_one_value(receiver: Receiver) -> None:
    evil = Outgoing("k", "mail", "a@b.example&+injected=1/../x?y", "text")
    Apprised(service(receiver)).send(evil)
    ((path, headers, _),) = receiver.got
    assert path.startswith("/sms")
    assert "injected" not in headers


@pytest.mark.parametrize(
    "url", ["wecombot://" + "a" * 36, "dingtalk://" + "a" * 32, "mailtos://u:p@x.cn?to={address}"]
)
def test_the_services_of_the_house_are_understood(url: str) -> None:
    import apprise  # noqa: PLC0415

    assert apprise.Apprise().add(url.replace("{address}", "a%40b.example"))


class _Smtp(socketserver.StreamRequestHandler):
    """Just enough of an SMTP server to receive one message."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        lines: list[bytes] = []
        for line in self.rfile:
            word = line.strip().upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                for text in self.rfile:
                    if text == b".\r\n":
                        break
                    lines.append(text)
            self.server.got += [line, *lines]  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def mail() -> Iterator[Any]:
    with socketserver.TCPServer(("127.0.0.1", 0), _Smtp) as server:
        server.got = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_mail_goes_to_a_mail_server(mail: Any) -> None:
    port = mail.server_address[1]
    url = f"mailto://127.0.0.1:{port}?from=luoshi@city.example&to={{address}}&mode=insecure"
    Apprised(url).send(
        Outgoing("k", "mail", "a.b@works.example", "新工单 20260309000012 已转至贵单位。")
    )
    said = b"".join(mail.got)
    assert b"to:<a.b@works.example>" in said.lower()
    assert b"luoshi@city.example" in said


@pytest.mark.usefixtures("city")
def test_the_outbox_leaves_by_the_ways_of_the_house(
    receiver: Receiver,
    settings: Any,
    watch: Watch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    settings.LUOSHI_DOORS = Doors(letters={"sms": service(receiver)})
    assert way_out() is by_way
    opened()
    receiver.status = 503
    assert deliver(way_out()).failed == 1
    assert "15400001234" not in str([one.outcome for one in Message.objects.all()])
    receiver.status = 200
    watch.forward(minutes=5)
    assert deliver(way_out()) == Sent(sent=1)
    ours = [one for one in caplog.records if one.name.startswith("luoshi")]
    assert "15400001234" not in " ".join(one.getMessage() for one in ours)


def test_without_a_word_messages_are_printed_and_shortened(
    capsys: pytest.CaptureFixture[str],
) -> None:
    by_way("k", "sms", "15400001234", "text")
    said = capsys.readouterr().out
    assert "15400001234" not in said
    assert "154" in said
