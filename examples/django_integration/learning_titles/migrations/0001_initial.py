"""The table of assessments."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the table."""

    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=64)),
                ("profile", models.CharField(help_text="ID@VERSION", max_length=120)),
                ("as_of", models.DateField()),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("result", models.TextField(editable=False)),
                ("verdict", models.CharField(db_index=True, editable=False, max_length=20)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "profile", "as_of"), name="judged_once"
                    )
                ],
            },
        ),
    )
