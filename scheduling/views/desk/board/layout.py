"""Where something stands on the grid of a board, as the short classes that css/board_grains.css explains."""

from typing import Final

from scheduling.times.day_rows import Beside, Place

MOST_LANES: Final = 12  # the parts of a column's width


def place_class(place: Place) -> str:
    """ "t124 n6": from the row 124 on, 6 rows of 5 minutes high."""
    return f"t{place.row} n{place.length}"


def lane_class(beside: Beside) -> str:
    """ " x7 y6": from the seventh of the twelve parts of the width on, 6 wide; empty for what is alone."""
    if beside.lanes == 1:
        return ""
    lanes = next(n for n in (2, 3, 4, 6, MOST_LANES) if n >= min(beside.lanes, MOST_LANES))
    width = MOST_LANES // lanes
    return f" x{beside.lane % lanes * width + 1} y{width}"


def clipped(place: Place, window: tuple[int, int]) -> Place | None:
    """The part of it that lies in the rows shown: `window[0]` and those before `window[1]`."""
    first, end = max(place.row, window[0]), min(place.end, window[1])
    return Place(first, end - first) if first < end else None
