"""A nil report that was sent in error is taken away again; the trail and the history keep that it was there."""

from django.db import migrations

GRANT = "GRANT DELETE ON register_nilreport TO register_app;"
REVOKE = "REVOKE DELETE ON register_nilreport FROM register_app;"


class Migration(migrations.Migration):
    dependencies = [("register", "0011_results_struck_out")]

    operations = [migrations.RunSQL(GRANT, REVOKE)]
