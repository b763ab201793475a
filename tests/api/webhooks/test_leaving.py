"""Events leave by real processes for a real server, also when the worker is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook
from tests.receiver import Receiver, listening

PREPARE = """
import sys
from luoshi.cli.installation import installation, migrate
with installation():
    migrate()
    from django.contrib.auth import get_user_model
    from luoshi.actions.acts import Request, register
    from luoshi.actions.webhooks import subscribe
    from luoshi.kernel.access import ANYBODY
    from luoshi.store.models import Post
    account = get_user_model().objects.create_user("desk", name="desk")
    Post.objects.create(account=account, role="dispatcher")
    print(subscribe("all", sys.argv[1], "desk"))
    for number in range(30):
        words = {"subject": "路灯不亮 QZXV", "content": "坏了三天。", "phone": "15400001234"}
        register("hotline", Request("register", words), ANYBODY)
"""
DELIVER = """
from luoshi.cli.installation import installation
with installation():
    from datetime import timedelta
    from luoshi.actions import deliveries
    deliveries.LEASE = timedelta(seconds=2)
    post = deliveries.way_out()
    for _ in range(600):
        if not deliveries.deliver(post):
            from luoshi.store.models import Delivery
            if not Delivery.objects.filter(settled=None).exists():
                break
            import time
            time.sleep(0.2)
"""


def environ_of(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LUOSHI_HOME": str(home),
        "LUOSHI_WEBHOOK_NETWORKS": "127.0.0.0/8",
    }


def run(environ: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_for(receiver: Receiver, count: int, running: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 300
    while len(receiver.got) < count:
        assert time.monotonic() < give_up
        assert running.poll() is None
        time.sleep(0.02)


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_no_event(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    environ = environ_of(tmp_path / "home")
    with listening() as receiver:
        secret = run(environ, "-c", PREPARE, receiver.url).strip()
        receiver.delay = 0.1
        killed = subprocess.Popen([sys.executable, "-c", DELIVER], env=environ)
        wait_for(receiver, 10, killed)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        run(environ, "-c", DELIVER)
    keys = [headers["webhook-id"] for _, headers, _ in receiver.got]
    assert len(set(keys)) == 30
    assert len(keys) <= 30 + 8  # what was on its way when the worker died came twice, known by id
    for _, headers, content in receiver.got:
        event = Webhook(secret).verify(content, headers)  # as a receiver does it, time and all
        assert event == json.loads(content)
        assert event["type"] == "case.register"
    assert "QZXV" not in str(receiver.got)
    assert "15400001234" not in str(receiver.got)


@pytest.mark.slow
def test_luoshi_work_delivers_and_the_command_line_tells(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    environ = environ_of(tmp_path / "home")
    luoshi = str(Path(sys.executable).with_name("luoshi"))
    with listening() as receiver:
        run(environ, "-c", PREPARE, receiver.url)
        receiver.status = 500
        work = subprocess.run(
            [luoshi, "work", "--once"], env=environ, capture_output=True, check=False
        )
        assert work.returncode == 0, work.stderr
        assert len(receiver.got) == 30
        assert b"15400001234" not in work.stdout + work.stderr
        listed = subprocess.run(
            [luoshi, "webhooks", "list", "--json"], env=environ, capture_output=True, check=True
        )
        (told,) = json.loads(listed.stdout)
        assert (told["waiting"], told["dead"], told["sent"]) == (30, 0, 0)
        subprocess.run([luoshi, "webhooks", "dead"], env=environ, check=True)
