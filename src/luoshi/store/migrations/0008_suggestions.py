from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0007_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="SuggestionRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("case", models.UUIDField(db_index=True)),
                ("act", models.UUIDField()),
                ("programme", models.CharField(max_length=60)),
                ("step", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=10)),
                ("field", models.CharField(blank=True, default="", max_length=60)),
                ("value", models.CharField(max_length=80)),
                ("confidence", models.FloatField(null=True)),
                ("model", models.CharField(blank=True, default="", max_length=32)),
                ("reasons", models.JSONField(default=list)),
                ("offered", models.DateTimeField()),
                ("chosen", models.CharField(blank=True, default="", max_length=80)),
                ("kept", models.BooleanField()),
                ("category", models.CharField(blank=True, default="", max_length=80)),
                ("role", models.CharField(max_length=40)),
                ("unit", models.CharField(blank=True, default="", max_length=80)),
                ("decided", models.DateTimeField()),
            ],
            options={
                "db_table": "luoshi_suggestion",
                "indexes": [
                    models.Index(fields=["programme", "kind", "decided"], name="suggestion_kind")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("act", "kind", "field", "value"), name="one_suggestion_once"
                    )
                ],
            },
        ),
    ]
