"""Per cents of reports and deaths that are published beside the counts."""

STEPS = (1, 2, 5, 10, 20, 25, 50)


def step(whole: int, *, threshold: int) -> int:
    """The step in which a per cent of ``whole`` is told: the smallest that holds ``threshold`` of them, or 100."""
    return next((step for step in STEPS if step * whole >= 100 * threshold), 100)


def share(part: int, whole: int, *, threshold: int) -> int | None:
    """``part`` of ``whole`` in per cents, rounded down so far that it gives no number below the threshold away.

    The step is the smallest of 1, 2, 5, 10, 20, 25, 50 and 100 per cent that holds at least ``threshold`` deaths.
    None when there is nothing to count.
    """
    if whole == 0:
        return None
    width = step(whole, threshold=threshold)
    return part * 100 // (whole * width) * width
