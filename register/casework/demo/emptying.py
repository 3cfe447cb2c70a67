"""Emptying a demonstration register, by the owner of the tables: the app itself may not delete what it keeps."""

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
KEPT = ("django_migrations", "django_content_type", "auth_permission")
SCHEMAS = ("public", "pub")


def empty_register() -> None:
    """Empty every table but the vocabularies. Published tables refuse that to everyone, so their guard is lifted."""
    kept = [*KEPT, *(model._meta.db_table for model in VOCABULARIES)]
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) AND tablename != ALL(%s)",
            [list(SCHEMAS), kept],
        )
        tables = [f'"{schema}"."{table}"' for schema, table in cursor.fetchall()]
        published = [table for table in tables if table.startswith('"pub"')]
        for table in published:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        for table in published:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
