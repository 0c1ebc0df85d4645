"""Texts get the stages of the journey and version numbers; what was in use stays in use."""

from collections import defaultdict

from django.db import migrations
from django.db.models import F
from django.utils import timezone

RENAMED = {"after_2": "late_1_7", "after_7": "late_8_30", "after_15": "negotiation"}


def rename_and_number(apps, _schema_editor):
    templates = apps.get_model("conversations", "MessageTemplate")
    for old, new in RENAMED.items():
        templates.objects.filter(stage=old).update(stage=new)
    templates.objects.filter(status="APPROVED").update(live_since=F("synced_at"))
    together = defaultdict(list)
    for template in templates.objects.exclude(stage="").order_by("pk"):
        together[template.stage, template.language].append(template)
    for versions in together.values():
        # The oldest approved one was the one that went out: it becomes the newest version.
        used = next((t for t in versions if t.status == "APPROVED"), None)
        ordered = [t for t in versions if t is not used] + ([used] if used else [])
        for number, template in enumerate(ordered, start=1):
            template.version = number
            if template is not used and template.status == "APPROVED":
                template.retired_at = template.synced_at or timezone.now()
            template.save(update_fields=["version", "retired_at"])


class Migration(migrations.Migration):
    dependencies = [("conversations", "0005_template_versions")]

    operations = [migrations.RunPython(rename_and_number, migrations.RunPython.noop)]
