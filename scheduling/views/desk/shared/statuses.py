"""The status codes of an answer that did nothing."""

from http import HTTPStatus
from typing import Final

REFUSED: Final = HTTPStatus.UNPROCESSABLE_ENTITY  # read, understood, and not done
STALE: Final = HTTPStatus.CONFLICT  # somebody was quicker
