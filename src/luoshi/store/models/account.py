"""Who works here: accounts of staff, and the posts they hold. Residents have no account."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from luoshi.store.keys import new_key


class Accounts(BaseUserManager["Account"]):
    """Makes accounts; passwords are hashed here and nowhere else."""

    def create_user(self, username: str, password: str | None = None, **more: object) -> Account:
        """Return a new account. Without a password nobody can sign in to it."""
        account = self.model(username=self.model.normalize_username(username), **more)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A member of staff who may sign in 工作人员账号."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Accounts] = Accounts()

    posts_read: list[list[str]] | None = None
    """Role, unit and area of each post, where they were read with the account."""

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        app_label = "store"

    def __str__(self) -> str:
        return self.username


class Post(models.Model):
    """A role that an account holds for a unit and an area 岗位; empty means everywhere."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="posts")
    role = models.CharField(max_length=40)
    programme = models.CharField(max_length=60, blank=True, default="")
    unit = models.ForeignKey("store.Unit", models.PROTECT, null=True, blank=True)
    area = models.ForeignKey("store.Area", models.PROTECT, null=True, blank=True)

    class Meta:
        app_label = "store"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "role", "programme", "unit", "area"],
                name="one_post_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}"
