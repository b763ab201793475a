"""That somebody decided otherwise later is noted beside what had been suggested."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0012_facts_by_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="suggestionrow", name="corrected", field=models.DateTimeField(null=True)
        ),
    ]
