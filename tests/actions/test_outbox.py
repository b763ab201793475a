"""The outbox: what was announced goes out once, later if it must, and is never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection
from tests.actions.conftest import Watch
from tests.actions.lamp import opened, routed, taken
from tests.small_city import DISPATCHER, OPERATOR

from luoshi.actions import outbox, worker
from luoshi.actions.climbing import climb
from luoshi.actions.outbox import FIRST_WAIT, LONGEST_WAIT, MOST_TRIES, Sent, deliver
from luoshi.store import models

Letter = tuple[str, str, str, str]


class Post:
    """A way out that keeps what was sent, and fails when told to."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []
        self.failing = False

    def __call__(self, key: str, by: str, address: str, text: str) -> None:
        if self.failing:
            raise ConnectionError(address)
        self.sent.append((key, by, address, text))


@pytest.fixture
def post() -> Post:
    return Post()


def reachable(name: str, role: str, unit: str, language: str = "en") -> None:
    """Give somebody an address of mail and a post."""
    account = models.Account.objects.create_user(
        name, email=f"{name}@example.org", language=language
    )
    models.Post.objects.create(account=account, role=role, unit_id=unit)


def waiting() -> int:
    return models.Message.objects.filter(sent=None).count()


@pytest.mark.usefixtures("city")
class TestDelivery:
    def test_a_message_goes_out_once_to_the_number_that_was_given(self, post: Post) -> None:
        case = opened()
        assert deliver(post) == Sent(sent=1, nowhere=1)  # there is no address of mail
        ((key, by, address, text),) = post.sent
        assert (key, by, address) == (f"{case.fact.id}/registered/sms", "sms", "15400001234")
        assert case.number in text
        assert deliver(post) == Sent()
        assert len(post.sent) == 1

    def test_what_fails_is_tried_later_and_later(self, post: Post, watch: Watch) -> None:
        opened()
        post.failing = True
        waits = []
        for _ in range(MOST_TRIES):
            assert deliver(post).failed == 1
            message = models.Message.objects.get(by="sms")
            waits.append(message.next_try - watch.now)
            assert deliver(post) == Sent()
            watch.now = message.next_try
        assert waits[:3] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]
        assert waits[-1] == LONGEST_WAIT
        assert waits == sorted(waits)
        assert (message.tries, message.outcome, message.sent) == (
            MOST_TRIES, "ConnectionError", None,
        )  # fmt: skip
        post.failing = False
        watch.forward(days=30)
        assert deliver(post) == Sent()  # it stays, marked, for a person to look at
        assert waiting() == 1

    def test_it_goes_out_when_the_way_is_open_again(self, post: Post, watch: Watch) -> None:
        opened()
        post.failing = True
        assert deliver(post) == Sent(failed=1, nowhere=1)
        post.failing = False
        watch.forward(seconds=30)
        assert deliver(post) == Sent(sent=1)

    def test_one_that_cannot_be_written_stops_no_other(
        self, post: Post, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened()
        first = models.Message.objects.order_by("id").first()
        assert first is not None
        written = outbox.written

        def broken(message: models.Message) -> list[tuple[str, str]]:
            if message.id == first.id:
                raise KeyError(message.notice)
            return written(message)

        monkeypatch.setattr(outbox, "written", broken)
        done = deliver(post)
        assert (done.failed, done.sent + done.nowhere) == (1, 1)

    def test_a_notice_that_a_programme_no_longer_has_goes_nowhere(self, post: Post) -> None:
        opened()
        models.Message.objects.update(notice="gone")
        assert deliver(post) == Sent(nowhere=2)

    def test_a_case_that_is_not_there_gets_nothing(self, post: Post) -> None:
        opened()
        models.Message.objects.update(case="00000000-0000-7000-8000-000000000001")
        assert deliver(post) == Sent(nowhere=2)

    def test_a_number_that_was_forgotten_gets_nothing(self, post: Post) -> None:
        opened()
        models.PersonalValue.objects.update(value=None, salt=None)
        assert deliver(post) == Sent(nowhere=2)

    def test_staff_are_told_by_mail_in_their_language(self, post: Post) -> None:
        reachable("a", "handler", "roads")
        reachable("b", "handler", "lamps", "zh-hans")
        routed()
        deliver(post)
        mails = [(address, text) for _, by, address, text in post.sent if by == "mail"]
        assert [address for address, _ in mails] == ["a@example.org"]
        assert "has been routed to your unit" in mails[0][1]

    def test_who_no_longer_has_it_is_told_so_and_who_has_it_now_is_not(self, post: Post) -> None:
        reachable("a", "handler", "roads")
        reachable("b", "handler", "lamps")
        case = routed()
        taken(case, "recall", DISPATCHER, reason="手误选错了单位")
        taken(case, "reroute", DISPATCHER, unit="lamps", category="roads.streetlight")
        deliver(post)
        mails = [(address, text) for _, by, address, text in post.sent if by == "mail"]
        assert [(address[0], "taken back" in text) for address, text in mails] == [
            ("a", False), ("a", True), ("b", False),
        ]  # fmt: skip

    def test_a_rung_tells_whom_it_names(self, post: Post, watch: Watch) -> None:
        reachable("a", "handler", "roads")
        reachable("s", "supervisor", "roads")
        routed()
        deliver(post)
        post.sent.clear()
        watch.forward(days=30)
        climb(watch.now)
        deliver(post, limit=1000)
        told = {(address[0], text.split(" ", 1)[0]) for _, by, address, text in post.sent}
        assert told == {("a", "Time"), ("a", "Request"), ("s", "Request")}

    def test_a_role_that_a_programme_no_longer_has_is_told_nothing(self, post: Post) -> None:
        opened()
        models.Message.objects.update(to="gone")
        assert deliver(post) == Sent(nowhere=2)

    def test_nothing_personal_waits_in_the_outbox(self) -> None:
        opened()
        with connection.cursor() as run:
            run.execute("SELECT m::text FROM luoshi_message m")
            waiting_rows = " ".join(row for (row,) in run.fetchall())
        assert "15400001234" not in waiting_rows
        assert "路灯" not in waiting_rows

    def test_the_worker_does_what_is_due_and_returns(self, post: Post) -> None:
        opened()
        stop = threading.Event()
        stop.set()
        worker.run(stop, post)
        assert (len(post.sent), waiting()) == (1, 0)


@pytest.mark.usefixtures("lasting_city")
class TestTogether:
    def test_two_workers_send_each_message_once(self) -> None:
        for _ in range(20):
            opened()
        together = threading.Barrier(2)
        sent: list[str] = []

        def slowly(key: str, by: str, address: str, text: str) -> None:
            time.sleep(0.005)
            sent.append(key)

        def work() -> None:
            try:
                together.wait()
                while deliver(slowly) != Sent():
                    pass
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        assert len(sent) == len(set(sent)) == 20
        assert waiting() == 0

    def test_people_may_act_on_a_case_while_its_message_is_being_sent(self) -> None:
        case = routed()
        acted: list[str] = []

        def add() -> None:
            try:
                acted.append(taken(case, "add", OPERATOR, addition="还有一盏。").case.state)
            finally:
                connection.close()

        def send(key: str, by: str, address: str, text: str) -> None:
            if not acted:
                other = threading.Thread(target=add)
                other.start()
                other.join(timeout=60)
                assert not other.is_alive()

        deliver(send)
        assert acted == ["dispatched"]


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    """Kill it while it sends; the next one sends the rest, and at most one a second time."""
    tmp_path.chmod(0o711)
    (tmp_path / "slow_post.py").write_text(
        "import time\n"
        "def send(key, by, address, text):\n"
        f"    with open({str(tmp_path / 'sent')!r}, 'a') as out:\n"
        "        out.write(key + '\\n')\n"
        "    time.sleep(0.05)\n"
    )
    home = str(tmp_path / "home")
    environ = {
        "PATH": os.environ["PATH"], "LUOSHI_HOME": home, "PYTHONPATH": str(tmp_path),
    }  # fmt: skip
    run(environ, "-c", OPEN)
    killed = subprocess.Popen([sys.executable, "-c", WORK], env=environ)
    give_up = time.monotonic() + 300
    while len(sent_in(tmp_path)) < 3:
        assert time.monotonic() < give_up
        assert killed.poll() is None
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    run(environ, "-c", WORK)
    keys = sent_in(tmp_path)
    assert len(set(keys)) == 30
    assert len(keys) <= 31


def sent_in(folder: Path) -> list[str]:
    path = folder / "sent"
    return path.read_text().split() if path.exists() else []


def run(environ: dict[str, str], *words: str) -> None:
    done = subprocess.run(
        [sys.executable, *words], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


OPEN = """
from datetime import UTC, datetime
from luoshi.cli.installation import installation, migrate
with installation():
    migrate()
    from luoshi.actions import clock
    from luoshi.actions.acts import Request, register
    from luoshi.kernel.access import ANYBODY
    with clock.at(datetime(2026, 6, 10, 2, tzinfo=UTC)):  # in the evening nothing is sent
        for number in range(30):
            words = {"subject": "路灯不亮", "content": "坏了三天。", "phone": "15400001234"}
            register("hotline", Request("register", words), ANYBODY)
"""
WORK = """
from luoshi.cli.installation import installation
with installation():
    from slow_post import send
    from luoshi.actions.outbox import Sent, deliver
    while deliver(send) != Sent():
        pass
"""
