"""The shapes of the API, as they are described in its OpenAPI document."""

from typing import Any

from rest_framework import serializers


class FileSerializer(serializers.Serializer[Any]):
    """One file of a release."""

    table = serializers.CharField(allow_null=True, help_text="Name of the table; null: it is of the whole release.")
    name = serializers.CharField(help_text="Name of the file.")
    url = serializers.CharField(help_text="Address of the file.")
    mediaType = serializers.CharField()  # noqa: N815 - the API speaks camelCase
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="SHA-256 of the bytes, in hexadecimal.")


class GroupsSerializer(serializers.Serializer[Any]):
    """Groups whose deaths share an answer are protected like small counts."""

    allBut = serializers.IntegerField(  # noqa: N815
        help_text="Also where so many deaths of the group have another answer; 0: only where all share it."
    )


class DominanceSerializer(serializers.Serializer[Any]):
    """Counts that come nearly all from one contributor are suppressed."""

    contributor = serializers.CharField(help_text="Whose share is looked at.")
    percent = serializers.IntegerField(help_text="The count is suppressed when the share is larger.")


class WaiverSerializer(serializers.Serializer[Any]):
    """A table whose small counts are shown nevertheless."""

    table = serializers.CharField()
    reason = serializers.CharField()


class RulesSerializer(serializers.Serializer[Any]):
    """What a release asks for beside its threshold, as its manifest and its tables tell it."""

    groupsSharingAnAnswer = GroupsSerializer(allow_null=True)  # noqa: N815
    dominance = DominanceSerializer(allow_null=True)
    waivers = WaiverSerializer(many=True)


class ReleaseSerializer(serializers.Serializer[Any]):
    """A release: an immutable set of tables. Only its status ever changes."""

    id = serializers.CharField()
    url = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(
        choices=["provisional", "further_provisional", "final", "superseded", "retracted"],
        help_text="A superseded release is still offered; a retracted one is not.",
    )
    definition = serializers.CharField(help_text="Case definition of all tables but definition-sex.")
    ruleVersion = serializers.CharField()  # noqa: N815
    periodFrom = serializers.IntegerField(help_text="First year of death.")  # noqa: N815
    periodTo = serializers.IntegerField(help_text="Last year of death.")  # noqa: N815
    cutoff = serializers.DateTimeField(help_text="Cases closed later are not counted.")
    publishedAt = serializers.DateTimeField()  # noqa: N815
    supersedes = serializers.CharField(allow_null=True, help_text="The release that this one replaces.")
    threshold = serializers.IntegerField(help_text="Counts from 1 up to this number are suppressed, it excluded.")
    rules = RulesSerializer(
        allow_null=True, help_text="Rules beside the threshold; null where the threshold is the only one."
    )
    toxCompleteness = serializers.IntegerField(  # noqa: N815
        allow_null=True, help_text="Per cent of the counted deaths with a final toxicology result, rounded down."
    )
    notes = serializers.CharField(allow_blank=True)
    retractionReason = serializers.CharField(allow_null=True)  # noqa: N815
    manifestSha256 = serializers.CharField()  # noqa: N815
    access = serializers.ChoiceField(
        choices=["public", "token"], help_text="Whether everybody may read it, or organisations with a token."
    )
    files = FileSerializer(many=True, help_text="Empty for a retracted release.")


class ReleaseListSerializer(serializers.Serializer[Any]):
    """One page of releases, newest first."""

    total = serializers.IntegerField(help_text="How many releases there are in all.")
    limit = serializers.IntegerField()
    offset = serializers.IntegerField()
    releases = ReleaseSerializer(many=True)


class ProblemSerializer(serializers.Serializer[Any]):
    """Why there is no answer (RFC 9457), in Dutch or English by Accept-Language.

    A 400 has ``errors`` as well: one object for each fault, with ``parameter`` and ``detail``. The Dutch API Design
    Rules let a description name the standard members only, so that one stands here in words.
    """

    type = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    detail = serializers.CharField()
