from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cadence", "0007_publish_permission")]

    operations = [
        # The snapshot is derived: it is made anew rather than half known.
        migrations.RunSQL("TRUNCATE cadence_casetraits", migrations.RunSQL.noop),
        migrations.RemoveField("casetraits", "response"),
        migrations.AddField("casetraits", "sent_on", models.DateField(null=True)),
        migrations.AddField("casetraits", "arrived_on", models.DateField(null=True)),
        migrations.AddField("casetraits", "read_on", models.DateField(null=True)),
        migrations.AddField("casetraits", "replied_on", models.DateField(null=True)),
    ]
