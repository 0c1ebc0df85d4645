from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_only_allowed_leaves")]

    operations = [
        migrations.RenameField(
            model_name="conversation", old_name="stranger_phone", new_name="stranger_address"
        )
    ]
