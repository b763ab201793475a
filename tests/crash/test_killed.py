"""Whatever is killed, and whenever: who was told a number has a case, and nobody has two."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests.crash.site import START_SECONDS, Clients, Site, report

pytestmark = pytest.mark.slow


def a_moment() -> None:
    """Wait a little, each time another while: whatever is under way then is hit."""
    time.sleep(random.uniform(0.2, 0.9))


def postmaster(site: Site) -> int:
    return int((site.cluster.data / "postmaster.pid").read_text().split()[0])


def workers(site: Site) -> list[int]:
    assert site.process is not None
    listed = subprocess.run(
        ["pgrep", "-P", str(site.process.pid)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(word) for word in listed.stdout.split()]


def replaced(site: Site, gone: int) -> None:
    """Wait until somebody else works in the place of *gone*."""
    give_up = time.monotonic() + START_SECONDS
    while gone in (found := workers(site)) or len(found) < 2:
        assert time.monotonic() < give_up, found
        time.sleep(0.05)


def test_the_server_is_killed_while_eight_people_report(site: Site) -> None:
    clients = Clients(site)

    def crash() -> None:
        a_moment()
        site.kill()

    clients.during(crash)
    site.start()
    clients.send_again()
    clients.must_all_be_there_once()


def test_the_database_is_killed_while_eight_people_report(site: Site) -> None:
    clients = Clients(site)

    def crash() -> None:
        a_moment()
        os.kill(postmaster(site), signal.SIGKILL)

    clients.during(crash)
    site.kill()
    site.start()
    clients.send_again()
    clients.must_all_be_there_once()


def test_a_killed_worker_is_replaced_and_nobody_loses_anything(site: Site) -> None:
    before = workers(site)
    assert len(before) == 2
    clients = Clients(site)

    def crash() -> None:
        a_moment()
        for known in before:
            os.kill(known, signal.SIGKILL)
            replaced(site, known)

    clients.during(crash)
    site.wait(200)
    clients.send_again()
    clients.must_all_be_there_once()


def test_two_servers_on_one_home_share_it_until_the_last_one_leaves(
    site: Site, home: Path
) -> None:
    second = Site(home)
    second.start()
    clients = Clients(site)
    clients.during(lambda: (a_moment(), site.kill())[0])
    one = report()
    assert second.send(one)[0] == 201
    clients.site = second
    clients.untold.add(one["case"])
    clients.send_again()
    clients.must_all_be_there_once()
    second.stop()
    assert not second.cluster.is_running()
