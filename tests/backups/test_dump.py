"""Rows are counted while the dump goes by, whatever stands in them."""

import pytest

from scheduling.backups.of_mariadb import Dump

pytestmark = pytest.mark.once

CREATED = b"CREATE TABLE `notes` (\n"


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ([], 0),
        ([b"INSERT INTO `notes` VALUES (1,'a'),(2,'b');\n"], 2),
        ([b"INSERT INTO `notes` VALUES\n", b"(1,'a'),\n", b"(2,'b');\n"], 2),
        ([b"INSERT INTO `notes` VALUES (1,'a');\n", b"INSERT INTO `notes` VALUES (2,'b');\n"], 2),
        ([b"INSERT INTO `notes` (`id`, `text`) VALUES (1,'a'),(2,NULL);\n"], 2),
        ([rb"INSERT INTO `notes` VALUES (1,'it\'s (here); \\'),(2,'o''clock),(');" + b"\n"], 2),
        ([b"INSERT INTO `notes` VALUES (1,'INSERT INTO `notes` VALUES (1)'),(2,x'00');\n"], 2),
        ([b"INSERT INTO `notes` VALUES\n", b"(1,'a;'),\n", b"(2,');');\n", b"(3);\n"], 2),
    ],
)
def test_tuples_of_values_are_rows(lines, count):
    dump = Dump()
    for line in [CREATED, *lines]:
        dump._count(line)
    assert dump.counts == {"notes": count}
