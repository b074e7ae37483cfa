"""Dates and times as the clinic says them: 24 hours, weekday first, in the clinic's zone."""

from datetime import datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import pgettext

from scheduling.times import clinic_day

register = template.Library()
