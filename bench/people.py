"""Names for a made-up clinic, in the mixture that a Spanish one has."""

import random
from collections.abc import Iterator
from typing import Final


def _words(text: str) -> list[str]:
    return text.split()


FIRST: Final = _words(
    """
    Ana Antonio Beatriz Carlos Carmen Cristina Daniel David Elena Emma Eva Fátima Fernando Francisco
    Hassan Ingrid Irene Isabel Javier Jesús John José Juan Julia Karim Laura Lucía Luis Manuel María
    Marta Miguel Mohamed Mónica Nuria Olga Óscar Pablo Paula Pedro Pilar Rafael Raquel Rosa Rubén
    Sara Sergio Sofía Teresa Tomás Úrsula Vicente Wei Ximena Yolanda Zoë
    """
)
LAST: Final = _words(
    """
    Aguilar Alonso Álvarez Blanco Cabrera Calvo Campos Castillo Castro Chen Cortés Cruz D'Angelo
    Delgado Díaz Domínguez Fernández Flores Fuentes Gallego García Garrido Gil Giménez Gómez
    González Gutiérrez Guerrero Haddad Hernández Herrera Ibáñez Iglesias Jiménez Kovač León López
    Lorenzo Lozano Marín Márquez Martín Martínez Medina Méndez Molina Montero Mora Morales Moreno
    Muñoz Navarro Nieto Núñez Ortega Ortiz Pascual Peña Pérez Prieto Quintana Ramírez Ramos Reyes
    Rodríguez Romero Rubio Ruiz Sánchez Santana Santiago Sanz Serrano Smith Soler Soto Suárez
    Świątek Torres Vargas Vázquez Vega Vidal Weiß Yáñez Zamora
    """
)


def names(count: int, seed: str) -> Iterator[tuple[str, str]]:
    """First name and two last names of this many people. One in ten is called María, as in Spain."""
    chance = random.Random(seed)
    for _ in range(count):
        first, last = chance.choice(FIRST), f"{chance.choice(LAST)} {chance.choice(LAST)}"
        yield ("María" if chance.random() < 0.08 else first), last
