"""What the two SDMX formats share: how a table and its components are called there."""

from register.reporting.formats.cube import RELEASE_COLUMNS, TIME, Axis, Cube

AGENCY = "NLDDR"
VERSION = "1.0.0"
VALUE, STATUS, CONFIDENTIALITY = "OBS_VALUE", "OBS_STATUS", "CONF_STATUS"
RELEASE_ATTRIBUTES = tuple(name.upper() for name in RELEASE_COLUMNS)


def flow(cube: Cube) -> str:
    """The dataflow of a table, such as ``NLDDR:DF_AGE_EUDA_SEX(1.0.0)``."""
    return f"{AGENCY}:DF_{component(cube.name)}({VERSION})"


def component(name: str) -> str:
    """A name as the identifier of an SDMX component."""
    return name.replace("-", "_").upper()


def key_order(cube: Cube) -> tuple[int, ...]:
    """The places of the axes in the order of the key: time comes last."""
    places = range(len(cube.axes))
    return tuple(sorted(places, key=lambda place: (cube.axes[place].name == TIME, place)))


def key_axes(cube: Cube) -> tuple[Axis, ...]:
    """The axes in the order of the key."""
    return tuple(cube.axes[place] for place in key_order(cube))
