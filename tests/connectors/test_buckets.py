"""Files in an S3 bucket: the same promises as on the disk, by a real server on this machine."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer
from PIL import Image
from tests.actions.lamp import opened

from luoshi.actions import files
from luoshi.config.doors import Bucket, Doors
from luoshi.kernel.access import requester_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An S3 server on a port of its own."""
    running = ThreadedMotoServer("127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    url = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="k",
        aws_secret_access_key="s",
    )  # fmt: skip
    client.create_bucket(Bucket="luoshi")
    yield url
    running.stop()


@pytest.fixture
def bucket(server: str, settings: Any) -> Bucket:
    made = Bucket("luoshi", server, "us-east-1", "k", "s")
    settings.STORAGES = {**settings.STORAGES, "default": made.storage}
    return made


def test_what_is_kept_is_read_and_deleted(bucket: Bucket) -> None:
    store = storages["default"]
    store.save("ab/cd/one", ContentFile(b"bytes"))
    assert store.exists("ab/cd/one")
    with store.open("ab/cd/one", "rb") as file:
        assert file.read() == b"bytes"
    store.delete("ab/cd/one")
    assert not store.exists("ab/cd/one")


def test_nobody_reads_without_the_key(bucket: Bucket, server: str) -> None:
    store = storages["default"]
    store.save("ab/private", ContentFile(b"bytes"))
    grants = store.connection.Object("luoshi", "ab/private").Acl().grants
    assert [grant for grant in grants if "URI" in grant["Grantee"]] == []
    assert "Signature=" in store.url("ab/private") or "X-Amz-Signature" in store.url("ab/private")


@pytest.mark.usefixtures("city")
def test_a_photograph_of_a_case_goes_there_and_comes_back(bucket: Bucket) -> None:
    case = opened().case.id
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG")
    kept = files.add_file(case, out.getvalue(), "red.jpg", requester_of(case))
    with files.open_file(kept) as file:
        assert Image.open(file).size == (64, 48)
    (stored,) = storages["default"].bucket.objects.filter(Prefix="")
    assert stored.size == kept.size


def test_the_secret_is_not_shown() -> None:
    doors = Doors.read({"LUOSHI_S3_BUCKET": "b", "LUOSHI_S3_SECRET": "QZXV"})
    assert "QZXV" not in repr(doors)
    assert doors.bucket.storage["OPTIONS"]["secret_key"] == "QZXV"
    assert Doors.read({}).bucket.storage["BACKEND"].endswith("FileSystemStorage")
