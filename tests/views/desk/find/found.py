"""What a page of free times found."""

from urllib.parse import parse_qs, urlsplit


def links(response):
    found = response.context["found"]
    return [result.link for day in found.days for result in day.results]


def starts(response):
    """ "Mon 02 09:00 Dr Ama Osei" """
    found = response.context["found"]
    said = []
    for day in found.days:
        for result in day.results:
            link = parse_qs(urlsplit(result.link).query)
            said.append(f"{link['start'][0][5:16]} {result.opening.doctor.doctor_name}")
    return said
