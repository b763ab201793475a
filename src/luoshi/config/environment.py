"""What whoever runs Luoshi may say through the environment; everything has a default.

What each word means is told in ``docs/reference/settings.md``, and nowhere else; a test holds that
page to what is read here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from luoshi.config.setting import folder, listed, number, switch

OWN_HOSTS = ("localhost", "127.0.0.1", "[::1]")
KEY_BYTES = 50
API_RATE, API_RATE_PUBLIC = 600, 60
REPORTS_A_MINUTE = 60
OIDC_CLAIM = "preferred_username"
SOURCE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Environment:
    """The environment, read once."""

    home: Path
    database_url: str | None
    debug: bool
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    given_key: str | None
    tiles: str
    programmes: Path
    calendars: Path
    api_rate: int = API_RATE
    api_rate_public: int = API_RATE_PUBLIC
    reports_a_minute: int = REPORTS_A_MINUTE
    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_claim: str = OIDC_CLAIM

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Environment:
        """Return what *environ* says, with defaults for the rest.

        Raises:
            SettingInvalid: Something in it cannot be meant.
        """
        return cls(
            home=Path(environ.get("LUOSHI_HOME") or ".luoshi").expanduser().resolve(),
            database_url=environ.get("LUOSHI_DATABASE_URL") or None,
            debug=switch(environ, "LUOSHI_DEBUG"),
            hosts=(*OWN_HOSTS, *listed(environ.get("LUOSHI_HOSTS", ""))),
            origins=listed(environ.get("LUOSHI_ORIGINS", "")),
            given_key=environ.get("LUOSHI_SECRET_KEY") or None,
            tiles=environ.get("LUOSHI_TILES", ""),
            programmes=folder(environ, "LUOSHI_PROGRAMMES", SOURCE / "programmes"),
            calendars=folder(environ, "LUOSHI_CALENDARS", SOURCE / "calendars"),
            api_rate=number(environ, "LUOSHI_API_RATE", API_RATE),
            api_rate_public=number(environ, "LUOSHI_API_RATE_PUBLIC", API_RATE_PUBLIC),
            reports_a_minute=number(environ, "LUOSHI_REPORTS_A_MINUTE", REPORTS_A_MINUTE),
            oidc_issuer=environ.get("LUOSHI_OIDC_ISSUER", ""),
            oidc_audience=environ.get("LUOSHI_OIDC_AUDIENCE", ""),
            oidc_claim=environ.get("LUOSHI_OIDC_CLAIM") or OIDC_CLAIM,
        )

    @property
    def is_embedded(self) -> bool:
        """Does Luoshi bring its own PostgreSQL?"""
        return self.database_url is None

    @property
    def models(self) -> Path:
        """Folder of the starter models that come with Luoshi."""
        return SOURCE / "models"

    @cached_property
    def secret_key(self) -> str:
        """The key that signs sessions; made once, readable by its owner alone."""
        return self.given_key or _kept_key(self.home)


def _kept_key(home: Path) -> str:
    """Return the key kept below *home*, making it first if need be; safe against a race."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    kept = home / "secret-key"
    if not kept.exists():
        own = home / f"secret-key.{os.getpid()}"
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES))
        try:
            os.link(own, kept)  # fails if another process was first: then its key is the key
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return kept.read_text(encoding="ascii").strip()
