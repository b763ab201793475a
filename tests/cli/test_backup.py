"""A backup restored elsewhere is the same installation; one that was touched is refused."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from luoshi.formats import archive
from luoshi.formats.archive import ArchiveBroken, Manifest, extract, read_manifest, write
from luoshi.store.embedded import cluster_below

LUOSHI = str(Path(sys.executable).with_name("luoshi"))
FILL = """
import sys
from luoshi.cli.installation import installation, migrate
with installation():
    migrate()
    from tests.small_city import INSIDE, OPERATOR, PUBLISHER, found_city
    from luoshi.actions.acts import Request, act, register
    from luoshi.actions.webhooks import subscribe
    from luoshi.kernel.access import ANYBODY
    import json
    found_city()
    secret = subscribe("open", "https://receiver.example/")
    told = []
    for number in range(25):
        words = {"subject": "路灯不亮", "content": "坏了三天。", "phone": "15400001234",
                 "category": "roads.streetlight", "place": INSIDE}
        made = register("hotline", Request("register", words), ANYBODY)
        told.append([made.number, made.code])
        if number % 5 == 0:
            act(Request("answer_on_spot", {"reply": "路灯已经修好，今晚恢复照明。"}, made.case.id),
                OPERATOR)
            act(Request("publish", {"public_subject": "路灯", "public_reply": "路灯已经修好。"},
                made.case.id), PUBLISHER)
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    default_storage.save("ab/cd/picture", ContentFile(b"bytes of a picture" * 1000))
    import shutil
    from django.conf import settings
    from luoshi.actions.model_registry import own_model
    own_model("hotline").parent.mkdir()
    shutil.copy(settings.LUOSHI.models / "hotline.model", own_model("hotline"))
    print(json.dumps({"cases": told, "secret": secret}))
"""
LOOK = """
import json, sys
from luoshi.cli.installation import installation
with installation():
    from luoshi.actions import clock
    from luoshi.actions.webhooks import secrets_of
    from luoshi.formats.events import secret_text
    from luoshi.store import models
    from luoshi.store.queries import case_followed
    from luoshi.kernel.errors import CaseNotFound
    from django.db import connection
    def opens(number, code):
        try:
            return case_followed(number, code, clock.now()).number == number
        except CaseNotFound:
            return False
    tables = {}
    with connection.cursor() as run:
        for table in sorted(connection.introspection.table_names()):
            run.execute(f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text "
                        f'FROM "{table}" t')
            tables[table] = list(run.fetchone())
        run.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'A' ORDER BY 1")
        guards = [name for (name,) in run.fetchall()]
    told = json.loads(sys.argv[1])
    print(json.dumps({
        "tables": tables, "guards": guards,
        "opened": [opens(*one) for one in told],
        "secret": secret_text(secrets_of(models.Subscription.objects.get(), clock.now())[0]),
    }))
"""


def environ_of(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUOSHI_")}
    return kept | {"LUOSHI_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])}


def run(home: Path, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(words, env=environ_of(home), capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    return done


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="luoshi-backup-") as name:
        made = Path(name)
        made.chmod(0o711)
        yield made


@pytest.fixture(scope="module")
def filled(place: Path) -> tuple[Path, dict[str, object]]:
    """A home with cases, files and a subscription; and what was told to people."""
    home = place / "first"
    return home, json.loads(run(home, sys.executable, "-c", FILL).stdout)


@pytest.fixture(scope="module")
def saved(place: Path, filled: tuple[Path, dict[str, object]]) -> Path:
    file = place / "with-key.tar"
    run(filled[0], LUOSHI, "backup", str(file), "--with-key")
    return file


@pytest.mark.slow
def test_what_is_restored_is_the_same_installation(
    place: Path, filled: tuple[Path, dict[str, object]], saved: Path
) -> None:
    home, told = filled
    cases = json.dumps(told["cases"])
    before = json.loads(run(home, sys.executable, "-c", LOOK, cases).stdout)
    second = place / "second"
    said = run(second, LUOSHI, "restore", str(saved)).stdout
    assert "25 cases" in said
    assert "all is as it was recorded" in said
    after = json.loads(run(second, sys.executable, "-c", LOOK, cases).stdout)
    assert after == before
    assert len(before["guards"]) == 2
    assert all(after["opened"])
    assert after["secret"] == told["secret"]
    picture = (second / "media/ab/cd/picture").read_bytes()
    assert picture == b"bytes of a picture" * 1000
    model = Path("models/hotline.model")
    assert (second / model).read_bytes() == (home / model).read_bytes()
    assert run(second, LUOSHI, "verify").stdout.startswith("all is as it was recorded")
    refused = run(second, LUOSHI, "restore", str(saved), status=1).stderr
    assert "nothing" not in refused
    assert "holds something already" in refused


@pytest.mark.slow
def test_an_archive_is_private_and_says_what_it_lacks(
    place: Path, filled: tuple[Path, dict[str, object]], saved: Path
) -> None:
    assert saved.stat().st_mode & 0o077 == 0
    without = place / "without.tar"
    said = run(filled[0], LUOSHI, "backup", str(without)).stderr
    assert "secret key" in said
    key = (filled[0] / "secret-key").read_bytes()
    assert key in saved.read_bytes()
    assert key not in without.read_bytes()
    assert run(filled[0], LUOSHI, "backup", str(without), status=2).stderr
    third = place / "third"
    assert "query codes" in run(third, LUOSHI, "restore", str(without)).stderr
    told = json.dumps(filled[1]["cases"])
    after = json.loads(run(third, sys.executable, "-c", LOOK, told).stdout)
    assert not any(after["opened"])
    assert [one.name for one in place.iterdir() if one.name.startswith(".luoshi")] == []


@pytest.mark.slow
def test_a_changed_archive_is_refused_before_anything_is_made(place: Path, saved: Path) -> None:
    touched = bytearray(saved.read_bytes())
    where = touched.index(b"bytes of a picture")
    touched[where] ^= 1
    broken = place / "broken.tar"
    broken.write_bytes(touched)
    home = place / "fourth"
    assert "not as it was written" in run(home, LUOSHI, "restore", str(broken), status=1).stderr
    assert not (home / "postgres").exists()
    assert not (home / "secret-key").exists()


def test_an_archive_of_a_later_version_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.tar", Manifest("99.0", "now", ("store.9999_later",)), {})
    said = run(tmp_path / "home", LUOSHI, "restore", str(tmp_path / "a.tar"), status=1).stderr
    assert "99.0" in said
    assert not (tmp_path / "home").exists()


@contextmanager
def held_up(home: Path) -> Iterator[None]:
    """Let whoever reads the cases in *home* wait until the end of the block."""
    cluster = cluster_below(home)
    with cluster.held(), psycopg.connect(cluster.conninfo()) as keeping:
        keeping.execute("LOCK TABLE luoshi_case IN ACCESS EXCLUSIVE MODE")
        yield


@pytest.mark.slow
def test_a_backup_that_is_killed_leaves_no_archive(
    place: Path, filled: tuple[Path, dict[str, object]]
) -> None:
    file = place / "killed.tar"
    with held_up(filled[0]):
        process = subprocess.Popen(
            [LUOSHI, "backup", str(file)], env=environ_of(filled[0]), start_new_session=True
        )
        give_up = time.monotonic() + 300
        while not list(place.glob(".luoshi-*/database.dump")):
            assert time.monotonic() < give_up
            assert process.poll() is None
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert not file.exists()
    run(filled[0], LUOSHI, "backup", str(file))
    assert read_manifest(file).migrations


ABOUT = Manifest("0", "now", ("store.0001_initial",))


def archived(folder: Path, **sources: bytes) -> Path:
    paths = {}
    for name, content in sources.items():
        paths[name] = folder / f"source-{name}"
        paths[name].write_bytes(content)
    write(folder / "a.tar", ABOUT, paths)
    return folder / "a.tar"


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = archived(tmp_path, one=b"1" * 3_000_000, two=b"")
    manifest = extract(file, tmp_path / "out")
    assert set(manifest.members) == {"one", "two"}
    assert (tmp_path / "out/one").read_bytes() == b"1" * 3_000_000


@pytest.mark.parametrize("content", [b"", b"x" * 2000, b"PK\x03\x04" + b"\0" * 2000])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(content)
    with pytest.raises(ArchiveBroken):
        extract(file, tmp_path / "out")


def test_an_archive_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    file = archived(tmp_path, one=b"1" * 100_000, two=b"2" * 100_000)
    for size in (600, 50_000, 110_000):
        short = tmp_path / f"short{size}.tar"
        short.write_bytes(file.read_bytes()[:size])
        with pytest.raises(ArchiveBroken):
            extract(short, tmp_path / f"out{size}")


@pytest.mark.parametrize("name", ["../escaped", "/tmp/escaped", "a/../../escaped", "a/./b", "."])  # noqa: S108
def test_no_member_leaves_the_folder(tmp_path: Path, name: str) -> None:
    members = {name: [1, "0" * 64]}
    document = {
        "format": 1, "luoshi": "0", "created": "", "migrations": [], "holds_key": False,
        "holds_files": True, "members": members,
    }  # fmt: skip
    file = tmp_path / "evil.tar"
    with tarfile.open(file, "w") as tar:
        for each, content in ((archive.MANIFEST, json.dumps(document).encode()), (name, b"x")):
            entry = tarfile.TarInfo(each)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    with pytest.raises(ArchiveBroken):
        extract(file, tmp_path / "deep/out")
    assert not list(tmp_path.rglob("escaped"))


def test_a_link_is_no_member(tmp_path: Path) -> None:
    document = {
        "format": 1, "luoshi": "0", "created": "", "migrations": [], "holds_key": False,
        "holds_files": True, "members": {"a": [0, "0" * 64]},
    }  # fmt: skip
    file = tmp_path / "evil.tar"
    with tarfile.open(file, "w") as tar:
        content = json.dumps(document).encode()
        entry = tarfile.TarInfo(archive.MANIFEST)
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
        link = tarfile.TarInfo("a")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(ArchiveBroken):
        extract(file, tmp_path / "out")
