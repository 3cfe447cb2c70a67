"""Documents on paper: a template of our own and data go in, an accessible PDF comes out. No network, no other fonts.

A chart becomes pixels by the same program, with a sans font that comes along: the package has none. Texts reach the
template as data, so no word that somebody typed is ever read as markup.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

FOLDER = settings.BASE_DIR / "templates" / "documents"
# Those of the package, and ours; none of the machine.
FONTS = typst.Fonts(include_system_fonts=False, font_paths=[Path(__file__).parent / "fonts"])
AROUND_A_PICTURE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.picture), format: "svg")
"""
# Sharp on paper at the width of a page: 96 units of a picture are an inch.
PIXELS_PER_INCH = 180
# What the fonts of the package show for certain: Latin, Greek and Cyrillic letters, punctuation, and the signs of the
# register. The standard refuses a document with a character that nothing can draw.
NOT_DRAWN = re.compile(
    r"[^\n\t\u0020-\u007e\u00a0-\u00ac\u00ae-\u024f\u0370-\u0373\u0386-\u04ff"
    r"\u2010-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u20ac\u2190-\u2193\u2248\u2264\u2265]"
)


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """The document of ``template`` about ``data``. A character that no font draws stands in it by its number."""
    try:
        return _compiled(template, data)
    except typst.TypstError:
        return _compiled(template, _drawable(data))


def pictured(svg: bytes) -> bytes:
    """The picture as PNG, at nearly two pixels for each of its units; texts in fonts that come along."""
    return typst.compile(
        AROUND_A_PICTURE,
        font_paths=FONTS,
        format="png",
        ppi=PIXELS_PER_INCH,
        sys_inputs={"picture": svg.decode()},
    )


def _compiled(template: str, data: Mapping[str, Any]) -> bytes:
    return typst.compile(
        FOLDER / template,
        root=FOLDER,
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )


def _drawable(value: Any) -> Any:
    match value:
        case str():
            return NOT_DRAWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", value)
        case Mapping():
            return {name: _drawable(each) for name, each in value.items()}
        case list() | tuple():
            return [_drawable(each) for each in value]
        case _:
            return value
