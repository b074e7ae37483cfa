"""People as they may be, for Hypothesis: names of many scripts, phones, e-mails, birth dates, texts."""

from datetime import date

import phonenumbers
from hypothesis import strategies as st

LETTERS = (
    "abcxyzABCXYZßæœøåłđışıİñçéüÅ"  # Latin, with what case and accents do to it
    "e\u0301o\u0308a\u030a"  # in two code points
    "αβΣςάЖжёй"
    "אבגשׁ"
    "محمدیکىپءأ"
    "रामीकुक्षि"
    "สมชายก้"
    "தமிழ்"
    "王伟李小龙"
    "たろうタロウ゛ー"
    "김민수각"
    "Ａａ１ｱﾞ"  # of full and of half width
    "𠮷𝒜ﬁ"
    "0129"
)
BETWEEN = "' ’-–.·,()/& \u00a0\u3000"
UNSEEN = "\u200b\u200c\u200d\u00ad\u202e\u2066\ufeff\x07\x1b\ufe0f\u034f\t\n\r\u2028\x00"
REGIONS = ("ES", "PT", "GB", "DE", "US", "IN", "BR", "CN")
LABELS = ("", "mother", "work", "own", "his sister's", "madre", "母", "trabajo 2º")

letter, between, unseen = (st.sampled_from(each) for each in (LETTERS, BETWEEN, UNSEEN))
words = st.lists(st.one_of(letter, letter, letter, between, unseen), max_size=24).map("".join)
anything = st.text(st.characters(codec="utf-8"), max_size=40)
names = st.one_of(words, words, anything)
texts = st.one_of(st.just(""), words, anything)


@st.composite
def phones(draw):
    """A number as somebody types it, with a dash more or less, an extension, whose it is; or anything."""
    region = draw(st.sampled_from(REGIONS))
    number = phonenumbers.example_number(region)
    form = draw(st.sampled_from([0, 1, 2, 3]))  # E164, INTERNATIONAL, NATIONAL, RFC3966
    if form == phonenumbers.PhoneNumberFormat.NATIONAL:
        number = phonenumbers.example_number("ES")
    text = phonenumbers.format_number(number, form)
    extension = draw(st.sampled_from(("", "", " x23", " ext. 7", "#0042", ";ext=5", " extensión 12")))
    label = draw(st.sampled_from(LABELS))
    shown = draw(st.sampled_from(("{}{}", "{}{} ({})", "{2} {0}{1}", "{}{} - {}")))
    return shown.format(text, extension, label)


@st.composite
def emails(draw):
    local = draw(st.sampled_from(("ana", "Ana.Souza", "a+b", "åsa", "用户", "o'brien", "a_b-c")))
    host = draw(st.sampled_from(("post.example", "POST.Example", "clinic.local", "münchen.de", "例子.广告")))
    return f"{local}@{host}"


births = st.dates(date(1910, 1, 1), date(2026, 3, 1)).map(str)


ONE_THING = {
    "patient_name": names,
    "patient_lastname": names,
    "phone": st.one_of(phones(), phones(), texts),
    "email": st.one_of(emails(), emails(), texts),
    "date_of_birth": st.one_of(births, st.dates().map(str)),
}


def one_thing():
    """A column, and what is typed for it: now and then it is no such thing."""
    return st.sampled_from(sorted(ONE_THING)).flatmap(
        lambda column: st.fixed_dictionaries({column: ONE_THING[column]})
    )


def whole():
    """What is typed about a person by somebody who takes care; the names are anything."""
    return st.fixed_dictionaries(
        {
            "patient_name": names,
            "patient_lastname": st.one_of(st.just(""), names),
            "phone": st.one_of(st.just(""), phones()),
            "second_phone": st.one_of(st.just(""), phones()),
            "email": st.one_of(st.just(""), emails()),
            "date_of_birth": st.one_of(st.just(""), births),
        }
    )
