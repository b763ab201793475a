"""What whoever runs Luoshi may say about the systems around it; by default none is called.

What each word means is told in ``docs/reference/settings.md``, and nowhere else; a test holds that
page to what is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from luoshi.config.setting import networks


@dataclass(frozen=True)
class Bucket:
    """Where files are kept, when not on this machine's own disk."""

    name: str = ""
    url: str = ""
    region: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)

    @property
    def storage(self) -> dict[str, Any]:
        """Django's storage for the files that people attach."""
        if not self.name:
            return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
        options = {
            "bucket_name": self.name,
            "endpoint_url": self.url or None,
            "region_name": self.region or None,
            "access_key": self.key or None,
            "secret_key": self.secret or None,
            "default_acl": None,
            "file_overwrite": True,
            "querystring_auth": True,
            "signature_version": "s3v4",
            "addressing_style": "path" if self.url else "auto",
        }
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


@dataclass(frozen=True)
class SignIn:
    """The sign-in server of the house."""

    url: str = ""
    client: str = ""
    secret: str = field(default="", repr=False)

    @property
    def providers(self) -> dict[str, Any]:
        """What allauth is told about it."""
        if not self.url:
            return {}
        app = {
            "provider_id": "house",
            "name": "OIDC",
            "client_id": self.client,
            "secret": self.secret,
            "settings": {"server_url": self.url, "oauth_pkce_enabled": True},
        }
        return {"openid_connect": {"APPS": [app]}}


@dataclass(frozen=True)
class Doors:
    """The environment's words about other systems, read once."""

    networks: tuple[str, ...] = ()
    letters: Mapping[str, str] = field(default_factory=dict, repr=False)
    bucket: Bucket = field(default_factory=Bucket)
    sign_in: SignIn = field(default_factory=SignIn)
    licence: str = ""
    log: str = "text"
    metrics_token: str = field(default="", repr=False)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Doors:
        """Return what *environ* says.

        Raises:
            SettingInvalid: A network is none.
        """
        letters = {
            "sms": environ.get("LUOSHI_SMS_URL", ""),
            "mail": environ.get("LUOSHI_MAIL_URL", ""),
        }
        return cls(
            networks=networks(environ, "LUOSHI_WEBHOOK_NETWORKS"),
            letters={way: url for way, url in letters.items() if url},
            bucket=Bucket(
                name=environ.get("LUOSHI_S3_BUCKET", ""),
                url=environ.get("LUOSHI_S3_URL", ""),
                region=environ.get("LUOSHI_S3_REGION", ""),
                key=environ.get("LUOSHI_S3_KEY", ""),
                secret=environ.get("LUOSHI_S3_SECRET", ""),
            ),
            sign_in=SignIn(
                url=environ.get("LUOSHI_OIDC_URL", ""),
                client=environ.get("LUOSHI_OIDC_CLIENT", ""),
                secret=environ.get("LUOSHI_OIDC_SECRET", ""),
            ),
            log=environ.get("LUOSHI_LOG", "") or "text",
            licence=environ.get("LUOSHI_LICENCE", ""),
            metrics_token=environ.get("LUOSHI_METRICS_TOKEN", ""),
        )
