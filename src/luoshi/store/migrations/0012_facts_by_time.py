"""What has happened lately is looked up in the facts: each process follows them with its index."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0011_promises"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="factrow", index=models.Index(fields=["at"], name="fact_at")
        ),
    ]
