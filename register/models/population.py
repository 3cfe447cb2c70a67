"""How many people live where: figures from a named source, as versions that only come."""

from django.db import models
from django.db.models import Q

from register.models.people import User


class PopulationVersion(models.Model):
    """One delivery of population figures. It never changes: a correction is a new version, with its reason.

    ``published_on`` is the day of the source. ``demo`` marks figures that were made up for a demonstration.
    """

    code = models.CharField(primary_key=True, max_length=30)
    source = models.CharField(max_length=160)
    published_on = models.DateField()
    demo = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.code


class PopulationCount(models.Model):
    """The people of one year, sex, age band and area. ``_T`` is everybody, area ``NL`` the country."""

    version = models.ForeignKey(PopulationVersion, on_delete=models.PROTECT, related_name="counts")
    year = models.PositiveSmallIntegerField()
    sex = models.CharField(max_length=10)
    age_band = models.CharField(max_length=10)
    area = models.CharField(max_length=12)
    persons = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "year", "sex", "age_band", "area"], name="population_counted_once"
            ),
            models.CheckConstraint(condition=Q(persons__gt=0), name="population_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.area} {self.sex} {self.age_band}"
