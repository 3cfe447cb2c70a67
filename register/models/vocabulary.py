"""What cases refer to: places, services, laboratories, substances, codes. Rows are retired, never deleted or reused."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Region(models.Model):
    """A GGD region. ``code`` is the CBS code (GG0000)."""

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=80)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality with the region and province it lies in."""

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=80)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="municipalities")
    safety_region = models.CharField(max_length=8)
    province_code = models.CharField(max_length=8)
    province = models.CharField(max_length=40)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class ForensicService(models.Model):
    """An organisation that examines bodies; its area may differ from the GGD region."""

    code = models.CharField(primary_key=True, max_length=20)
    name = models.CharField(max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="forensic_services")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Laboratory(models.Model):
    """A toxicology laboratory. ``term_days``: days between request and expected report."""

    code = models.CharField(primary_key=True, max_length=20)
    name = models.CharField(max_length=120)
    term_days = models.PositiveSmallIntegerField(default=42)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class SubstanceGroup(models.Model):
    """A group of substances with its class, hierarchy rank and flags for the case definitions."""

    code = models.CharField(primary_key=True, max_length=40)
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    substance_class = models.CharField(max_length=20)
    hierarchy_rank = models.PositiveSmallIntegerField()
    selection_d = models.CharField(max_length=20)
    nl_broad = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.name_nl


class EudaGroup(models.Model):
    """A reporting group of the European Union Drugs Agency."""

    code = models.CharField(primary_key=True, max_length=40)
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    parent = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.name_nl


class Substance(models.Model):
    """A substance of the catalogue; the code is never reused."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PROVISIONAL = "provisional", "Provisional"
        RETIRED = "retired", "Retired"

    code = models.CharField(primary_key=True, max_length=60)
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    group = models.ForeignKey(SubstanceGroup, on_delete=models.PROTECT, related_name="substances")
    euda_group = models.ForeignKey(
        EudaGroup, on_delete=models.PROTECT, related_name="substances", null=True, blank=True
    )
    atc = models.CharField(max_length=10, blank=True)
    cas = models.CharField(max_length=20, blank=True)
    icd10_t = models.CharField(max_length=8, blank=True)
    icd10_f = models.CharField(max_length=8, blank=True)
    metabolites = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    molar_mass = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    verified = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    early_warning = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    def __str__(self) -> str:
        return self.name_nl


class SubstanceSynonym(models.Model):
    """Another name of a substance. One text may name several substances: all of them are shown.

    From ``valid_to`` on it is a name no more; the row stays, because it was used.
    """

    substance = models.ForeignKey(Substance, on_delete=models.PROTECT, related_name="synonyms")
    text = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    valid_to = models.DateField(null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["substance", "text"], name="synonym_once_per_substance")]
        indexes = [GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="synonym_text_trigram")]

    def __str__(self) -> str:
        return self.text


class Icd10Code(models.Model):
    """An ICD-10 code of the case definitions and of the catalogue, titles in own words."""

    code = models.CharField(primary_key=True, max_length=8)
    kind = models.CharField(max_length=30)
    intent = models.CharField(max_length=20, blank=True)
    agent_class = models.CharField(max_length=40, blank=True)
    title_nl = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    role = models.CharField(max_length=60, blank=True)
    selection_b = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.code} {self.title_nl}"


class CodeValue(models.Model):
    """One value of a value set with its labels, its validity and the version of the set that brought it."""

    value_set = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    label_nl = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value_set", "code"], name="code_once_per_value_set")]

    def __str__(self) -> str:
        return f"{self.value_set} {self.code}"
