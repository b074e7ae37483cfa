"""What is stored. Columns, constraints, and what is true of one row."""

from scheduling.models.appointments import CALLED_OFF, HOLDS_TIME, NEW, Appointment, Source, Status
from scheduling.models.attention import Flag
from scheduling.models.calls import Call
from scheduling.models.claims import NORMAL_LANE, Claim
from scheduling.models.feeds import CalendarFeed
from scheduling.models.history import ActorKind, AppointmentEvent, RecordEvent
from scheduling.models.hours import ExtraHours, HoursVersion, TimeOff, Weekday, WorkingHours
from scheduling.models.jobs import Job
from scheduling.models.merges import DifferentPeople, PatientMerge
from scheduling.models.messages import MessageSettings, MessageWords, VisitTypeWords
from scheduling.models.notices import Message, Notice, Reply, UnreachableAddress
from scheduling.models.opening_tries import OpeningTries
from scheduling.models.people import Doctor, Patient, SearchWord, Specialty
from scheduling.models.requests import FirstRequest
from scheduling.models.series import Series
from scheduling.models.visit_types import VisitType

__all__ = [
    "CALLED_OFF",
    "HOLDS_TIME",
    "NEW",
    "NORMAL_LANE",
    "ActorKind",
    "Appointment",
    "AppointmentEvent",
    "CalendarFeed",
    "Call",
    "Claim",
    "DifferentPeople",
    "Doctor",
    "ExtraHours",
    "FirstRequest",
    "Flag",
    "HoursVersion",
    "Job",
    "Message",
    "MessageSettings",
    "MessageWords",
    "Notice",
    "OpeningTries",
    "Patient",
    "PatientMerge",
    "RecordEvent",
    "Reply",
    "SearchWord",
    "Series",
    "Source",
    "Specialty",
    "Status",
    "TimeOff",
    "UnreachableAddress",
    "VisitType",
    "VisitTypeWords",
    "Weekday",
    "WorkingHours",
]
