"""`make lint-services` finds what is wrong; that it finds nothing in deploy/, `make lint` says."""

import shutil

import pytest

from tools import deployment


@pytest.fixture
def files(tmp_path, monkeypatch):
    copied = tmp_path / "deploy"
    shutil.copytree(deployment.DEPLOY, copied)
    monkeypatch.setattr(deployment, "DEPLOY", copied)
    return copied


def spoil(file, right, wrong):
    text = file.read_text()
    assert right in text
    file.write_text(text.replace(right, wrong))


@pytest.mark.parametrize(
    ("name", "right", "wrong", "said"),
    [
        ("appointments-web.service", "KillMode=mixed", "KillMode=mixt", "kill mode"),
        ("appointments-jobs.service", "ExecStart=/srv", "ExecStart=srv", "absolute path"),
        ("appointments-backup.timer", "02:30", "tonight", "calendar"),
        ("appointments-.service.d/program.conf", "SystemCallFilter=@system-service", "", "exposure"),
        ("appointments-.service.d/program.conf", "User=clinic", "User=root", "exposure"),
    ],
)
def test_a_unit_that_systemd_would_not_take_or_that_is_open(files, tmp_path, name, right, wrong, said):
    spoil(files / "systemd" / name, right, wrong)
    complaints = deployment.complaints_of_systemd(tmp_path)
    assert said in " ".join(complaints)


def test_a_line_that_nginx_would_not_take(files, tmp_path):
    spoil(files / "nginx.conf", "client_header_timeout 10s", "client_header_timeouts 10s")
    assert "client_header_timeouts" in " ".join(deployment.complaints_of_nginx(tmp_path))


def test_nothing_is_said_of_what_is_right(files, tmp_path):
    assert deployment.complaints_of_systemd(tmp_path) == []
    assert deployment.complaints_of_nginx(tmp_path) == []
