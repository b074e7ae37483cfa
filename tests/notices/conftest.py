"""A clinic that writes to its patients, by mail."""

import pytest

from scheduling.booking import patients


@pytest.fixture(autouse=True)
def messages(settings):
    settings.NOTICE_CHANNELS = ["email"]
    settings.CLINIC_NAME = "Clínica San Telmo"
    settings.CLINIC_PHONE = "+34 915 550 100"


@pytest.fixture
def ana(ana):
    ana.email = "ana@mail.example"
    return patients.save(ana)


@pytest.fixture
def ben(ben):
    ben.email = "ben@mail.example"
    return patients.save(ben)
