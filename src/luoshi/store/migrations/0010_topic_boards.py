from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0009_fewer_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="TopicBoard",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("programme", models.CharField(max_length=60)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("wanted", models.DateTimeField()),
                ("made", models.DateTimeField(null=True)),
                ("looked_at", models.IntegerField(default=0)),
                ("is_cut", models.BooleanField(default=False)),
                ("topics", models.JSONField(default=list)),
            ],
            options={
                "db_table": "luoshi_topic_board",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "first", "last"), name="one_board_of_a_period"
                    )
                ],
            },
        ),
    ]
