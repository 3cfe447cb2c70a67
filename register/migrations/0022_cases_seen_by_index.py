"""What somebody saw, read from the index alone.

The events of one busy person lie scattered over the whole log: five years of them would touch nearly every page of it.
An entry of an index holds about 2,700 bytes; the rare event about more cases than fit is found by its place instead.
"""

from django.db import migrations

INDEXES = """
CREATE INDEX access_event_cases_of_actor ON audit.access_event (actor, at) INCLUDE (code, objects)
  WHERE object_type = 'case' AND cardinality(objects) <= 100;
CREATE INDEX access_event_many_cases_of_actor ON audit.access_event (actor, at)
  WHERE object_type = 'case' AND cardinality(objects) > 100;
"""
BACK = "DROP INDEX audit.access_event_cases_of_actor, audit.access_event_many_cases_of_actor"


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0021_copies_can_be_taken_back"),
    ]

    operations = [migrations.RunSQL(INDEXES, BACK)]
