"""Public views hold what was promised. Those written before hold nothing: no version named a clock."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0010_topic_boards"),
    ]

    operations = [
        migrations.AddField(
            model_name="publicrow", name="promised", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="publicrow", name="fulfilled", field=models.DateTimeField(null=True)
        ),
    ]
