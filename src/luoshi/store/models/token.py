"""Tokens of the API: what a program shows to act as a member of staff."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from luoshi.store.keys import new_key


class ApiToken(models.Model):
    """One token of one account 接口令牌. The token itself is told once and kept nowhere.

    An ``ApplicationKey`` names a program that speaks for the public; a token lets a program act
    with the posts of an account, narrowed down by scopes, until it expires.

    Attributes:
        name: What it is for, in the words of whoever made it; once per account.
        scopes: What it may be used for, of ``store.tokens.SCOPES``.
        digest: SHA-256 of the token, which is long and random.
        expires: From when on it opens nothing.
        revoked: When it was taken back.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    account = models.ForeignKey("store.Account", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    scopes = ArrayField(models.CharField(max_length=20))
    digest = models.BinaryField(unique=True)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)

    class Meta:
        app_label = "store"
        db_table = "luoshi_api_token"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "name"], name="token_name_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.name}"
