"""What a mail server is given of an address: never the domain of somebody else."""

import pytest

from scheduling.matching.emails import deliverable


@pytest.mark.parametrize(
    ("address", "given"),
    [
        ("ana@mail.example", "ana@mail.example"),
        ("Ana.Souza+visits@mail.example", "Ana.Souza+visits@mail.example"),
        ("a@clinic.local", "a@clinic.local"),
        ("ana@faß.de", "ana@xn--fa-hia.de"),  # Django makes it fass.de
        ("ana@βόλος.com", "ana@xn--nxasmm1c.com"),  # and the last letter another one
        ("a@ñandú.cl", "a@xn--and-6ma2c.cl"),
        ("åsa@example.org", ""),
        ("ana@@mail.example", ""),
        ("ana souza", ""),
        ("ana@mail.example, ben@mail.example", ""),
        ("ana@mail.example\nBcc: ben@mail.example", ""),
        ("", ""),
    ],
)
def test_an_address_is_given_as_registries_have_it_or_not_at_all(address, given):
    assert deliverable(address) == given
