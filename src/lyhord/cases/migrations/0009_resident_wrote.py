"""Which cases have a new answer from the resident is kept in the case, where the desk finds it by an index."""

from django.db import migrations, models
from django.db.models import F, Q

FILL = """
update cases_case set resident_wrote = true
where exists (select 1 from cases_message m where m.case_id = cases_case.id and m.side = 'resident')
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_campaigns")]

    operations = [
        migrations.AddField("case", "resident_wrote", models.BooleanField(default=False)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            "case",
            models.Index(
                F("organisation"),
                F("unit"),
                condition=Q(open=True, unread=True, resident_wrote=True),
                name="case_new_answer",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                F("organisation"), F("unit"), condition=Q(state__in=["planned", "waiting"]), name="case_put_off"
            ),
        ),
    ]
