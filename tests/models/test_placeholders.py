"""What a clinic may put into its own words, and what is refused when it is saved."""

import pytest
from django.core.exceptions import ValidationError

from scheduling.models import MessageWords, VisitTypeWords
from scheduling.models.placeholders import NAMES, check_placeholders, filled, used_in

VALUES = {name: f"<{name}>" for name in NAMES}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ""),
        ("Come in.", "Come in."),
        ("Dear {name}: {day}, {time}", "Dear <name>: <day>, <time>"),
        ("{clinic}{phone}{address}{doctor}", "<clinic><phone><address><doctor>"),
        ("100 % safe %(name)s", "100 % safe %(name)s"),
    ],
)
def test_known_placeholders_are_filled(text, read):
    check_placeholders(text)
    assert filled(text, VALUES) == read


@pytest.mark.parametrize(
    "text",
    [
        "{x}",
        "{name.uuid}",
        "{0}",
        "{}",
        "{name!r}",
        "{name:>99}",
        "{ name }",
        "{Name}",
        "{{name}}",
        "{na me}",
    ],
)
def test_unknown_and_unsafe_ones_are_refused_by_name(text):
    with pytest.raises(ValidationError) as refused:
        check_placeholders(f"Dear {text},")
    assert refused.value.code == "placeholder"
    assert "{name}, {clinic}" in refused.value.messages[0]


@pytest.mark.parametrize("text", ["{", "}", "{name", "name}", "}{", "{name}}"])
def test_a_brace_that_stands_alone_is_refused(text):
    with pytest.raises(ValidationError) as refused:
        check_placeholders(text)
    assert refused.value.code == "brace"


def test_what_is_put_in_is_not_read_again():
    assert filled("{name} {day}", {"name": "{day}", "day": "{phone}"}) == "{day} {phone}"
    assert filled("{name}", {"name": r"\g<0>\1"}) == r"\g<0>\1"


def test_a_name_that_is_unknown_is_left_out_where_nobody_checked():
    assert filled("Dear {name},", {}) == "Dear ,"
    assert used_in("{name} {day} {x}") == {"name", "day"}


@pytest.mark.parametrize("field", ["greeting", "how_to_find_us", "closing", "missed_visit"])
def test_the_words_of_messages_are_checked(field):
    words = MessageWords(language="en", **{field: "{secret}"})
    with pytest.raises(ValidationError) as refused:
        words.clean_fields()
    assert list(refused.value.message_dict) == [field]


def test_the_words_of_visit_types_are_checked():
    with pytest.raises(ValidationError) as refused:
        VisitTypeWords(language="en", how_to_prepare="{0}").clean_fields(exclude=["visit_type"])
    assert list(refused.value.message_dict) == ["how_to_prepare"]
