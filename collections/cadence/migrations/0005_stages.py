"""The stages of steps get the names the texts have: by the days of a journey, not by single offsets."""

from django.db import migrations

RENAMED = {"after_2": "late_1_7", "after_7": "late_8_30", "after_15": "negotiation"}


def rename(apps, _schema_editor):
    steps = apps.get_model("cadence", "Step")
    for old, new in RENAMED.items():
        steps.objects.filter(stage=old).update(stage=new)


class Migration(migrations.Migration):
    dependencies = [("cadence", "0004_versions_segments_rehearsals")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
