"""Clocks and personal answers are no longer looked up in the cases one by one.

The statement that writes the fact writes them, with the same key; the fact is still looked up.
The decision on what an act costs says why.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0008_suggestions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="clockrow",
            name="case",
            field=models.ForeignKey(
                "store.caserow",
                django.db.models.deletion.CASCADE,
                related_name="clocks",
                db_index=False,
                db_constraint=False,
            ),
        ),
        migrations.AlterField(
            model_name="personalvalue",
            name="case",
            field=models.ForeignKey(
                "store.caserow",
                django.db.models.deletion.CASCADE,
                related_name="personal",
                db_index=False,
                db_constraint=False,
            ),
        ),
        migrations.AlterField(
            model_name="walledvalue",
            name="case",
            field=models.ForeignKey(
                "store.caserow",
                django.db.models.deletion.CASCADE,
                related_name="walled",
                db_index=False,
                db_constraint=False,
            ),
        ),
    ]
