"""Cells beside each other: substances by year, and regions as tiles. Suppressed is hatched and never nought."""

from collections.abc import Mapping, Sequence

from register.web.statistics.charts.drawing import Drawing, Rect, Text, step_of, steps
from register.web.statistics.charts.seen import Seen, shown, words

WIDTH, NAMES, ROW = 740.0, 190.0, 31.0
TILE, GAP = 56.0, 4.0
# Where a region stands in the grid, by column and row, and its short name.
TILES: Mapping[str, tuple[int, int, str]] = {
    "GG7206": (3, 0, "FRY"),
    "GG0111": (4, 0, "GRO"),
    "GG2707": (2, 1, "HN"),
    "GG0706": (4, 1, "DRE"),
    "GG3109": (1, 2, "KEN"),
    "GG7306": (2, 2, "ZW"),
    "GG2209": (3, 2, "FLE"),
    "GG1009": (4, 2, "IJS"),
    "GG1106": (5, 2, "TWE"),
    "GG4506": (1, 3, "HM"),
    "GG3406": (2, 3, "AMS"),
    "GG3606": (3, 3, "GV"),
    "GG1413": (4, 3, "NOG"),
    "GG7014": (1, 4, "HAA"),
    "GG2514": (2, 4, "UTR"),
    "GG1911": (3, 4, "GM"),
    "GG4607": (1, 5, "RR"),
    "GG4816": (2, 5, "ZHZ"),
    "GG2014": (3, 5, "GZ"),
    "GG5006": (0, 6, "ZEE"),
    "GG5206": (1, 6, "WB"),
    "GG5406": (2, 6, "HVB"),
    "GG5608": (3, 6, "BZO"),
    "GG6011": (4, 6, "LN"),
    "GG6106": (4, 7, "ZL"),
}
ROWS, COLUMNS = 8, 6


def heat(years: Sequence[str], rows: Sequence[tuple[str, Sequence[Seen]]], language: str) -> Drawing:
    """A row for each substance and a column for each year; darker is more."""
    drawing = Drawing(WIDTH, 24 + ROW * len(rows))
    bounds = steps(number for _, seen in rows for number in shown(seen))
    width = (WIDTH - NAMES) / max(1, len(years))
    for number, year in enumerate(years):
        drawing.texts.append(Text(NAMES + width * (number + 0.5), 13, year, anchor="middle"))
    for row, (name, cells) in enumerate(rows):
        top = 22 + ROW * row
        drawing.texts.append(Text(0, top + 19, name, "strong"))
        for column, seen in enumerate(cells):
            box = (NAMES + width * column + 1, top, width - 2, ROW - 2)
            _cell(drawing, box, seen, bounds, language)
    _explain(drawing, bounds, language)
    return drawing


def tiles(regions: Sequence[tuple[str, str, Seen]], language: str, words_of: tuple[str, str], digits: int) -> Drawing:
    """A tile for each region (code, name, what is seen); regions without a place stand below the others.

    ``words_of``: what is said of a suppressed tile, and of one about which nothing is known.
    """
    bounds = steps(shown([seen for _, _, seen in regions]))
    placed = {code: TILES[code] for code, _, _ in regions if code in TILES}
    further = [code for code, _, _ in regions if code not in TILES]
    for number, code in enumerate(further):
        placed[code] = (number % COLUMNS, ROWS + number // COLUMNS, code[-4:])
    rows = ROWS + -(-len(further) // COLUMNS)
    drawing = Drawing(COLUMNS * (TILE + GAP), rows * (TILE + GAP))
    for code, name, seen in regions:
        column, row, short = placed[code]
        x, y = column * (TILE + GAP), row * (TILE + GAP)
        said = words_of[0] if seen.hidden else words_of[1]
        if seen.number is not None:
            said = words(seen.number, language, digits)
        look = _cell(
            drawing, (x, y, TILE, TILE), seen, bounds, language, title=f"{name}: {said}", lower=12, digits=digits
        )
        drawing.texts.append(Text(x + TILE / 2, y + 20, short, look, "middle"))
    _explain(drawing, bounds, language, digits)
    return drawing


def _cell(
    drawing: Drawing,
    box: tuple[float, float, float, float],
    seen: Seen,
    bounds: Sequence[float],
    language: str,
    *,
    title: str = "",
    lower: float = 0,
    digits: int = 0,
) -> str:
    """Draw one cell; the look of text that stands on it."""
    x, y, width, height = box
    middle, base = x + width / 2, y + height / 2 + 4 + lower
    if seen.hidden:
        drawing.rects.append(Rect(x, y, width, height, "suppressed", hatched=True, title=title))
        drawing.rects.append(Rect(middle - 10, base - 13, 20, 16, "chip"))
        if lower:
            drawing.rects.append(Rect(middle - 20, y + 8, 40, 16, "chip"))
        drawing.texts.append(Text(middle, base + 2, "·", "dot-text", "middle"))
        return ""
    if seen.number is None:
        drawing.rects.append(Rect(x, y, width, height, "nothing", title=title))
        return ""
    if seen.number == 0:
        drawing.rects.append(Rect(x + 0.5, y + 0.5, width - 1, height - 1, "empty", title=title))
        drawing.texts.append(Text(middle, base, "0", "tile" if lower else "", "middle"))
        return ""
    step = step_of(seen.number, bounds)
    drawing.rects.append(Rect(x, y, width, height, f"q{step}", title=title))
    large = " tile" if lower else ""
    drawing.texts.append(Text(middle, base, words(seen.number, language, digits), f"on{step}{large}", "middle"))
    return f"on{step}"


def _explain(drawing: Drawing, bounds: Sequence[float], language: str, digits: int = 0) -> None:
    drawing.legend += [(f"k{number}", f"{words(bound, language, digits)}+") for number, bound in enumerate(bounds, 1)]
