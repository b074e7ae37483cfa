"""The demo clinic's patients: double surnames, namesakes, and families that share a telephone."""

from datetime import date
from typing import Final, NamedTuple


class DemoPatient(NamedTuple):
    name: str
    lastname: str
    born: str = ""  # ISO, or "" where the clinic never asked
    phone: str = ""
    email: str = ""
    language: str = "es"
    alerts: str = ""  # as `scheduling.alerts` reads them
    note: str = ""

    @property
    def born_on(self) -> date | None:
        return date.fromisoformat(self.born) if self.born else None


PATIENTS: Final = (
    # Two women of one name: the date of birth tells them apart.
    DemoPatient("Ana", "García López", "1984-05-12", "+34600555001", "ana.garcia@example.com"),
    DemoPatient("Ana", "García López", "1991-11-03", "+34600555002", "agarcia91@example.com"),
    # Families: one telephone, one e-mail for several.
    DemoPatient("María José", "Núñez de la Fuente", "1979-02-27", "+34600555003", "nunez@example.com"),
    DemoPatient("Hugo", "Ortega Núñez", "2015-08-19", "+34600555003", "nunez@example.com"),
    DemoPatient("Martina", "Ortega Núñez", "2018-01-30", "+34600555003", "nunez@example.com"),
    DemoPatient("Rosario", "Campos Gil", "1948-10-07", "+34915550104", alerts="mobility: wheelchair"),
    DemoPatient(
        "Antonio",
        "Campos Gil",
        "1945-06-24",
        "+34915550104",
        alerts="hearing: deaf, write\nmobility: walking frame",
        note="Comes with his daughter.",
    ),
    DemoPatient("Sarah", "Whitcombe", "1986-03-14", "+34600555007", "sarah.w@example.org", "en"),
    DemoPatient("Oliver", "Whitcombe", "2016-12-05", "+34600555007", "sarah.w@example.org", "en"),
    DemoPatient(
        "Yasmin",
        "El Idrissi",
        "1990-09-09",
        "+34600555008",
        "yasmin@example.com",
        alerts="interpreter: Arabic",
    ),
    DemoPatient("Adam", "El Idrissi", "2020-04-22", "+34600555008", "yasmin@example.com"),
    DemoPatient("Lucas", "Fernández Soto", "2013-07-11", "+34600555010", "soto.familia@example.com"),
    DemoPatient("Valeria", "Fernández Soto", "2021-02-02", "+34600555010", "soto.familia@example.com"),
    DemoPatient("Pablo", "Serrano Vega", "2017-05-28", "+34600555011", alerts="allergy: latex"),
    DemoPatient("Emma", "Kowalska", "2019-09-16", "+34600555012", "k.kowalska@example.com", "en"),
    DemoPatient("Daniel", "Rojas Molina", "2014-03-03", "+34600555013"),
    DemoPatient("Noa", "Blanco Herrero", "2022-06-20", "+34600555014", "herrero@example.com"),
    DemoPatient("Leo", "Marín Duarte", "2012-11-25", "+34600555015"),
    DemoPatient("José Luis", "Martínez Aguilar", "1957-01-19", "+34600555016"),
    DemoPatient("Carmen", "Rodríguez Peña", "1963-07-16", "+34600555017", "carmen.rp@example.com"),
    DemoPatient("Javier", "Sánchez Cano", "1988-12-01", "+34600555018", "jsanchez@example.com"),
    DemoPatient("Laura", "Gómez Iriarte", "1995-04-08", "+34600555019", "laura.gi@example.com"),
    DemoPatient("Francisco", "Díaz-Mauriño", "1971-08-30", "+34600555020"),
    DemoPatient("Begoña", "Etxeberria", "1968-05-05", "+34600555021", "begona@example.com"),
    DemoPatient("Jordi", "Puig i Ferrer", "1982-10-13", "+34600555022", "jordi.puig@example.com"),
    DemoPatient("Xoán", "Castro Lema", "1976-03-22", "+34600555023"),
    DemoPatient("Pilar", "Muñoz Ybarra", "1939-12-28", "+34915550124"),
    DemoPatient("Sergio", "Álvarez Núñez", "1999-06-06", "+34600555025", "sergio.an@example.com"),
    DemoPatient("Inés", "del Río Cordero", "2001-01-15", "+34600555026", "ines.delrio@example.com"),
    DemoPatient("Manuel", "Ruiz", "1952-09-02"),
    DemoPatient("Teresa", "Vázquez Lago", "", "+34600555028"),
    DemoPatient("Alejandro", "Morales Pinto", "1993-02-11", "+34600555029", "amorales@example.com"),
    DemoPatient("Cristina", "Hernández Bravo", "1980-11-20", "+34600555030", "cris.hb@example.com"),
    DemoPatient("Iván", "Petrov", "1985-07-07", "+34600555031", "ivan.petrov@example.org", "en"),
    DemoPatient("Wei", "Chen", "1992-08-18", "+34600555032", "wei.chen@example.org", "en"),
    DemoPatient("Fatoumata", "Diallo", "1978-04-26", "+34600555033"),
    DemoPatient("James", "O'Connor", "1966-03-17", "+34600555034", "joconnor@example.org", "en"),
    DemoPatient("Brigitte", "Müller", "1959-10-31", "+34600555035", "b.mueller@example.org", "en"),
    DemoPatient("Giulia", "D'Angelo", "1987-05-24", "+34600555036", "giulia@example.org"),
    DemoPatient("Łukasz", "Świątek", "1983-01-09", "+34600555037", "", "en"),
    DemoPatient("Søren", "Åkesson", "1974-12-12", "+34600555038", "soren@example.org", "en"),
    DemoPatient("Priya", "Raghunathan", "1996-09-27", "+34600555039", "priya.r@example.org", "en"),
)
