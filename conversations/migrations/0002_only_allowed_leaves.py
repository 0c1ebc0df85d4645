"""The database itself keeps that nothing leaves without a decision that allows it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial"), ("compliance", "0001_initial")]

    operations = [
        # A pair: the decision's verdict is part of the key, and on the message it can only be "allow".
        migrations.RunSQL(
            sql=(
                "ALTER TABLE conversations_message ADD CONSTRAINT conversations_message_decision_allows "
                "FOREIGN KEY (decision_id, decision_verdict) REFERENCES compliance_decision (id, verdict) "
                "DEFERRABLE INITIALLY DEFERRED"
            ),
            reverse_sql=(
                "ALTER TABLE conversations_message DROP CONSTRAINT conversations_message_decision_allows"
            ),
        )
    ]
