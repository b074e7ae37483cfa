"""What is read once is read the same again. At the doors: tests/test_contact_at_every_door.py."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.matching import phones

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
FORMATS = [getattr(phonenumbers.PhoneNumberFormat, name) for name in ("E164", "INTERNATIONAL", "RFC3966")]
EXTENSIONS = ["{} x{}", "{} ext. {}", "{};ext={}", "{} #{}", "{}, extensión {}"]
LABELS = ["{} ({})", "{1}: {0}", "({1}) {0}", "{} - {}", "{} {}"]


@given(
    region=st.sampled_from(REGIONS),
    form=st.sampled_from(FORMATS),
    extension=st.from_regex(r"[0-9]{1,7}", fullmatch=True) | st.none(),
    how=st.sampled_from(EXTENSIONS),
    label=st.sampled_from(["mother", "Mª José", "работа", "母", "his sister's"]) | st.none(),
    where=st.sampled_from(LABELS),
)
def test_a_number_of_any_country_with_and_without_all_else(region, form, extension, how, label, where):
    number = phonenumbers.example_number(region)
    text = phonenumbers.format_number(number, form)
    stored = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if extension:
        text, stored = how.format(text, extension), f"{stored};ext={extension}"
    typed = where.format(text, label) if label else text
    read = phones.read(typed, "ES")
    assert read == stored
    assert bool(read.label) == bool(label)
    for again in (read, phones.as_typed(read)):
        assert phones.read(again, "ES") == stored


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_unreadable(text):
    try:
        read = phones.read(text, "ES")
    except phones.Unreadable:
        return
    assert phones.read(read, "ES") == read


@pytest.mark.parametrize("text", ["", " ", "()", "+", "x23", "ext", "\u202e", "+34", "1" * 60])
def test_what_is_no_number(text):
    with pytest.raises(phones.Unreadable):
        phones.read(text, "ES")
