"""Nothing any more: the words are filled in once, by 0008, when all kinds of them are known."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("scheduling", "0005_words_of_patients"),
    ]

    operations = []
