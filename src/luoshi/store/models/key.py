"""Keys of applications: what other programs show to say which one they are."""

from __future__ import annotations

from django.db import models

from luoshi.store.keys import new_key


class ApplicationKey(models.Model):
    """The key of one application 应用密钥. The key itself is told once and kept nowhere.

    Attributes:
        name: What people call the application; never a person.
        digest: SHA-256 of the key, which is long and random.
        may_post: It may open cases in the name of those who use it.
        revoked: When it was taken back; such a key opens nothing any more.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    name = models.CharField(max_length=80, unique=True)
    digest = models.BinaryField(unique=True)
    may_post = models.BooleanField(default=True)
    created = models.DateTimeField()
    revoked = models.DateTimeField(null=True)

    class Meta:
        app_label = "store"
        db_table = "luoshi_application_key"

    def __str__(self) -> str:
        return self.name
