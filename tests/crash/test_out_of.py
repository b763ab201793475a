"""Out of database, out of disk: a calm page in both languages, nothing half done, and back."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from PIL import Image
from tests.crash.site import Site, report

pytestmark = pytest.mark.slow
BOUNDARY = "x" * 24
FORM_DATA = "Content-Disposition: form-data"


def must_be_calm(answer: tuple[int, str]) -> None:
    status, page = answer
    assert status == 503, page[:500]
    assert "系统暂时无法使用" in page
    assert "not available" in page
    assert "Traceback" not in page
    assert "Error" not in page


@contextmanager
def small_disk(folder: Path, mib: int) -> Iterator[None]:
    """Let *folder* be a disk of so many MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(folder)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607


def grow(folder: Path, mib: int) -> None:
    options = f"remount,size={mib}m"
    subprocess.run(["mount", "-o", options, str(folder)], check=True)  # noqa: S607


def test_without_a_database_every_page_says_so_and_comes_back_by_itself(site: Site) -> None:
    assert site.send(report())[0] == 201
    site.cluster.stop()
    lost = report()
    must_be_calm(site.send(lost, as_json=False))
    must_be_calm(site.ask("GET", "/public/"))
    must_be_calm(site.ask("GET", "/healthz"))
    site.cluster.start()
    site.wait(200)
    assert site.count("SELECT count(*) FROM luoshi_case") == 1
    assert site.send(lost)[0] == 201
    site.verify()


def test_a_full_disk_for_files_refuses_the_whole_report(site: Site, home: Path) -> None:
    media = home / "media"
    media.mkdir(exist_ok=True)
    with small_disk(media, 1):
        done = 0
        for _ in range(40):
            sent = with_photo(report())
            answer = site.ask("POST", "/report/hotline/send/", *sent)
            if answer[0] != 201:
                break
            done += 1
        must_be_calm(answer)
        assert done > 0
        assert site.count("SELECT count(*) FROM luoshi_case") == done
        assert site.count("SELECT count(*) FROM luoshi_attachment") == done
        assert len([path for path in media.rglob("*") if path.is_file()]) == done
        grow(media, 8)
        assert site.ask("POST", "/report/hotline/send/", *sent)[0] == 201
        site.verify()


def test_a_full_disk_for_the_database_refuses_the_whole_report(site: Site, home: Path) -> None:
    disk = home / "small"
    disk.mkdir()
    with small_disk(disk, 3):
        os.chown(disk, site.cluster.account.uid, site.cluster.account.gid)
        with psycopg.connect(site.cluster.conninfo(), autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{disk}'".encode())
            connection.execute("ALTER TABLE luoshi_personal SET TABLESPACE small")
        done, answer = 0, (0, "")
        while done < 5000:
            last = report() | {"content": os.urandom(3000).hex()}
            answer = site.send(last)
            if answer[0] != 201:
                break
            done += 1
        must_be_calm(answer)
        assert site.count("SELECT count(*) FROM luoshi_case") == done
        assert site.count("SELECT count(*) FROM luoshi_fact") == done
        assert site.count("SELECT sum(last) FROM luoshi_counter") == done
        grow(disk, 32)
        assert site.send(last)[0] == 201
        site.verify()
        with psycopg.connect(site.cluster.conninfo(), autocommit=True) as connection:
            connection.execute("ALTER TABLE luoshi_personal SET TABLESPACE pg_default")
            connection.execute("DROP TABLESPACE small")


def with_photo(fields: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of a report with one photograph of noise: about 150 kB."""
    picture = io.BytesIO()
    Image.frombytes("RGB", (300, 300), os.urandom(270_000)).save(picture, "JPEG", quality=90)
    parts = [
        f'--{BOUNDARY}\r\n{FORM_DATA}; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'{FORM_DATA}; name="photos"; filename="a.jpg"\r\n'
    parts.append(f"--{BOUNDARY}\r\n{head}Content-Type: image/jpeg\r\n\r\n".encode())
    body = b"".join([*parts, picture.getvalue(), f"\r\n--{BOUNDARY}--\r\n".encode()])
    return body, {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Accept": "application/json",
    }
