"""Each person may have the columns of their board in an order of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_accounts_come_with_rights"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="column_order",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=5000),
        ),
    ]
