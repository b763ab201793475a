"""What the API keeps: tokens, files on their way in, and counts of requests."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import luoshi.store.keys

UNLOGGED = "ALTER TABLE luoshi_rate SET UNLOGGED"
LOGGED = "ALTER TABLE luoshi_rate SET LOGGED"


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0005_public_ranges_and_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="RateCount",
            fields=[
                ("who", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("window", models.BigIntegerField()),
                ("count", models.IntegerField()),
            ],
            options={
                "db_table": "luoshi_rate",
            },
        ),
        migrations.RunSQL(UNLOGGED, LOGGED),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=luoshi.store.keys.new_key,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("case", models.UUIDField(db_index=True)),
                ("by", models.CharField(max_length=120)),
                ("size", models.IntegerField()),
                ("sha256", models.BinaryField()),
                ("received", models.IntegerField(default=0)),
                (
                    "pieces",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("file", models.UUIDField(null=True)),
                ("made", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "luoshi_upload",
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=luoshi.store.keys.new_key,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                ("digest", models.BinaryField(unique=True)),
                ("created", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("revoked", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "luoshi_api_token",
                "constraints": [
                    models.UniqueConstraint(fields=("account", "name"), name="token_name_once")
                ],
            },
        ),
    ]
