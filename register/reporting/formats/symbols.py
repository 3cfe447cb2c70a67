"""The signs that stand where a spreadsheet or a CBS table has no plain number."""

from register.reporting.codelists import Code
from register.reporting.formats.cube import IMPOSSIBLE, NOT_TAKING_PART, SUPPRESSED

PENDING, BROKEN_SERIES = "U", "B"
# What stands instead of a number, by observation status.
INSTEAD = {SUPPRESSED: "[c]", IMPOSSIBLE: "[z]", NOT_TAKING_PART: "[x]"}
# What stands beside a number.
BESIDE = {PENDING: "[u]", BROKEN_SERIES: "[b]"}
LEGEND = (
    Code("[c]", "verborgen; niet nul", "hidden; not zero"),
    Code("[z]", "kan niet voorkomen", "cannot occur"),
    Code("[x]", "regio doet nog niet mee", "region does not take part yet"),
    Code("[u]", "toxicologie grotendeels nog niet bekend", "toxicology largely not known yet"),
    Code("[b]", "andere wijze van tellen dan in de jaren ervoor", "counted otherwise than in the years before"),
    Code("p", "voorlopig cijfer", "provisional figure"),
)
# The same in a table of Statistics Netherlands.
CBS_INSTEAD = {SUPPRESSED: ".", IMPOSSIBLE: "", NOT_TAKING_PART: "."}
