"""Visits in the version that somebody saw, as pages carry them."""

from uuid import UUID

import pytest

from scheduling.forms.seen import HIGHEST_VERSION, versions_of

ONE, OTHER = UUID(int=1), UUID(int=2)
TOO_LONG = "9" * 5000  # so many digits Python refuses to read


def test_what_can_be_read_is_known_by_visit():
    assert versions_of([f"{ONE}.1", f"{OTHER}.{HIGHEST_VERSION}"]) == {ONE: 1, OTHER: HIGHEST_VERSION}


@pytest.mark.parametrize("version", ["", ".", "0", "-1", "1.2", "²", "x", HIGHEST_VERSION + 1, TOO_LONG])
def test_what_is_no_version_is_left_out(version):
    assert versions_of([f"{ONE}.{version}", f"{OTHER}.2"]) == {OTHER: 2}


@pytest.mark.parametrize("mark", ["", ".", "x.1", str(ONE)])
def test_what_is_no_visit_is_left_out(mark):
    assert versions_of([mark, f"{OTHER}.2"]) == {OTHER: 2}
