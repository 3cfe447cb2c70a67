"""Emptying a demonstration register, by the owner of the tables: the app itself may not delete what it keeps."""

from collections.abc import Iterable

from django.db import connections, transaction

from register.models import (
    CodeValue,
    EudaGroup,
    ForensicService,
    Icd10Code,
    Laboratory,
    Municipality,
    Region,
    Substance,
    SubstanceGroup,
    SubstanceSynonym,
)

VOCABULARIES = (
    Region,
    Municipality,
    ForensicService,
    Laboratory,
    SubstanceGroup,
    EudaGroup,
    Substance,
    SubstanceSynonym,
    Icd10Code,
    CodeValue,
)
KEPT = ("django_migrations", "django_content_type", "auth_permission", "epoch")
SCHEMAS = ("public", "pub", "audit")


def empty_register(kept: Iterable[str] = ()) -> None:
    """Empty every table but the vocabularies and ``kept``, the trail included, and begin a new chain of seals.

    Published tables and the trail refuse that to everyone, so their guard is lifted. The anchor of the old chain is set
    aside: it tells of a register that is no more.
    """
    kept = [*KEPT, *kept, *(model._meta.db_table for model in VOCABULARIES)]
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) AND tablename != ALL(%s)",
            [list(SCHEMAS), kept],
        )
        tables = [f'"{schema}"."{table}"' for schema, table in cursor.fetchall()]
        guarded = [table for table in tables if not table.startswith('"public"')]
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            if table.startswith('"audit"'):
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER t10_only_grows")
        for model in (Substance, SubstanceSynonym):  # what stays is where the new trail begins
            cursor.execute("SELECT audit.begin_trail(%s, 'system:reset')", [model._meta.db_table])
