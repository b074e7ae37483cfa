"""Any form of a page filled in with what was typed."""

from accounts.refill import filled

PAGE = """<!doctype html><html><body><!-- kept -->
<form method="post" action="/other/"><input name="name" value="other"></form>
<form method="get" action="/save/"><input name="name" value="get"></form>
<form method="post" action="/save/" class="a&amp;b">
<input type="hidden" name="csrfmiddlewaretoken" value="new"><input type="hidden" name="version" value="4">
<input name="name" value="old" maxlength="9"><input type="password" name="secret">
<textarea name="note">
old &amp; gone</textarea>
<input type="radio" name="kind" value="a" checked><input type="radio" name="kind" value="b">
<input type="checkbox" name="sure"><input type="checkbox" name="past" checked>
<select name="day"><option value="1" selected>One</option><option value="2">Two</option></select>
<input name="starts" value=""><input name="starts" value=""><button name="go" value="1">Save</button>
</form>
<form method="post" action="/save/"><input name="name" value="second"></form>&copy;&#8217;</body></html>"""

TYPED = {
    "csrfmiddlewaretoken": [],
    "version": ["3"],
    "name": ['A"n<a'],
    "note": ["Two\nlines </textarea><b>"],
    "kind": ["b"],
    "sure": ["on"],
    "day": ["2"],
    "starts": ["09:00", "11:00"],
    "unknown": ["x"],
}


def test_the_form_that_was_sent_is_filled_and_nothing_else_changes():
    expected = PAGE
    for before, after in (
        ('name="csrfmiddlewaretoken" value="new"', 'name="csrfmiddlewaretoken" value="new"'),
        ('name="version" value="4"', 'name="version" value="3"'),
        ('name="name" value="old"', 'name="name" value="A&quot;n&lt;a"'),
        ("\nold &amp; gone", "\nTwo\nlines &lt;/textarea&gt;&lt;b&gt;"),
        ('value="a" checked', 'value="a"'),
        ('name="kind" value="b"', 'name="kind" value="b" checked'),
        ('name="sure"', 'name="sure" checked'),
        ('name="past" checked', 'name="past"'),
        ('value="1" selected', 'value="1"'),
        ('<option value="2"', '<option value="2" selected'),
        (
            'name="starts" value=""><input name="starts" value=""',
            'name="starts" value="09:00"><input name="starts" value="11:00"',
        ),
    ):
        assert before in expected
        expected = expected.replace(before, after, 1)
    typed = {name: values for name, values in TYPED.items() if values}
    assert filled(PAGE, "/save/", typed, here="/page/") == expected


def test_a_form_without_an_address_posts_to_its_own_page():
    page = '<form method="post"><input name="a"></form>'
    assert filled(page, "/page/", {"a": ["1"]}, here="/page/?b=2") == (
        '<form method="post" action="/page/"><input name="a" value="1"></form>'
    )
    assert filled(page, "/save/", {"a": ["1"]}, here="/page/") == page
