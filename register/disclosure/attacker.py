"""What an attacker knows about hidden cells, as bounds; one level per name.

Every level knows the shape of all tables, every published number, all sums, the threshold and these rules. A0 knows no
more, and A1 that counts are not negative, so the relations that are no sums too. A2: also that zeros are always shown,
so a hidden cell is at least 1.
Published zeros count as shown at both levels. Marks that tell small cells from their protectors are never published,
and without marks the threshold rule adds nothing for whole numbers.
"""

from typing import Final

from register.disclosure.policy import Knowledge, Zeros

SENTENCES: Final = {
    "A0": (
        "De aanvaller kent alle gepubliceerde tellingen en hoe zij optellen, en verder niets.",
        "The attacker knows every published count and how they add up, and nothing else.",
    ),
    "A1": (
        "De aanvaller kent alle gepubliceerde tellingen en verbanden, en weet dat tellingen niet negatief zijn.",
        "The attacker knows every published count and relation, and that counts are not negative.",
    ),
    "A2": (
        "De aanvaller weet ook dat nullen altijd getoond worden, dus dat een verborgen cel ten minste 1 is.",
        "The attacker also knows that zeros are always shown, so that a hidden cell is at least 1.",
    ),
}


def lower_bound(*, value: int, printed: bool, level: Knowledge) -> int:
    """Return the least value that this attacker holds possible for a hidden cell.

    A hidden zero (only where zeros may be hidden) keeps bound 0; other hidden cells get the bound of shown zeros even
    then, which gives the attacker more than he knows. A cell that is printed nowhere is only known not to be negative.
    """
    return 1 if level == "A2" and printed and value > 0 else 0


def shows(*, value: int, printed: bool, impossible: bool, zeros: Zeros) -> bool:
    """Return whether this cell is public knowledge before anything is protected."""
    return impossible or (printed and value == 0 and zeros == "visible")
