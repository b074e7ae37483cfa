"""compose.yaml, beyond its format (make lint-container): what waits for what, and who knows what."""

import re

import pytest
from ruamel.yaml import YAML

from tests.deployment import dockerfile, handbook
from tools.starting import ROOT


@pytest.fixture(scope="module")
def compose():
    return YAML(typ="safe").load((ROOT / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def test_the_web_waits_for_the_database_and_for_its_tables(services):
    ready = {
        "database": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }
    assert services["web"]["depends_on"] == services["jobs"]["depends_on"] == ready
    assert services["migrate"]["restart"] == "no"
    assert services["proxy"]["depends_on"] == {"web": {"condition": "service_healthy"}}


def test_one_image_is_built_and_the_others_say_which_release(services):
    built = {name for name, service in services.items() if "build" in service}
    assert built == {"migrate", "web", "jobs"}
    # A name that three builds give at once is more than some engines bear.
    assert not any("image" in services[name] for name in built)
    for name in set(services) - built:
        assert re.search(r":\d+\.\d+", services[name]["image"]), name


def test_no_secret_stands_in_it_and_each_service_gets_its_own(services):
    text = (ROOT / "compose.yaml").read_text()
    assert not re.search(r"PASSWORD|SECRET_KEY|mysql://", text)
    files = {name: service.get("env_file") for name, service in services.items()}
    assert files == {
        "database": "secrets/database.env",
        "migrate": [".env", "secrets/owner.env"],  # the later one wins
        "web": ".env",
        "jobs": ".env",
        "proxy": None,
    }


def test_only_the_proxy_is_reached_from_outside(services):
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_the_program_can_write_its_volumes_only_and_gains_no_rights(services):
    for name in ("web", "jobs", "migrate"):
        service = services[name]
        assert (service["read_only"], service["cap_drop"], service["tmpfs"]) == (True, ["ALL"], ["/tmp"])
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_a_container_has_the_time_to_end_that_its_program_takes(services):
    assert services["web"]["stop_grace_period"] == "30s"  # gunicorn's graceful_timeout is 20
    assert services["jobs"]["stop_grace_period"] == "5m"


def test_its_volumes_and_files_are_there(compose, services):
    last = dockerfile.read(ROOT / "Dockerfile")[-1]
    made = " ".join(last.of("RUN"))
    for name, service in services.items():
        for volume in service.get("volumes", []):
            source, target = volume.split(":")[:2]
            if source.startswith("./"):
                assert (ROOT / source).is_file()
            else:
                assert source in compose["volumes"]
                assert target in made or name in ("database", "proxy")  # a volume's owner is the folder's


def test_the_commands_of_the_handbook_name_its_services(services):
    (block,) = [block for block in handbook.blocks() if block.who == "docker"]
    named = re.findall(r"docker compose exec (\S+)", block.text)
    assert named == ["web"]
    assert set(named) <= set(services)
