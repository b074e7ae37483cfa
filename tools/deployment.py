"""`make lint-services`: whether systemd and nginx take the files in deploy/ as they are.

Both look for what the files name, so they get copies that name a folder of ours, with what is named in it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tools.starting import ROOT

DEPLOY: Final = ROOT / "deploy"
HOME: Final = "/srv/appointments"  # where docs/installing.md puts the program
UNITS: Final = ("web.service", "jobs.service", "backup.service", "backup.timer")
# What systemd-analyze makes of a service, from 0 (nothing is open) to 10. Ours talk to the network.
MOST_EXPOSED: Final = 1.9
TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")  # folders that nginx makes


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="clinic-deploy-") as folder:
        said = [*complaints_of_systemd(Path(folder)), *complaints_of_nginx(Path(folder))]
    for line in said:
        print(line, file=sys.stderr)
    return 1 if said else 0


def complaints_of_systemd(folder: Path) -> list[str]:
    home = folder / "program"
    (home / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "gunicorn"):
        (home / ".venv" / "bin" / name).symlink_to("/bin/true")
    units = folder / "units"
    shutil.copytree(DEPLOY / "systemd", units)
    for file in units.rglob("*.*"):
        if file.is_file():
            file.write_text(file.read_text().replace(HOME, str(home)))
    names = [f"appointments-{name}" for name in UNITS]
    where = {"SYSTEMD_UNIT_PATH": f"{units}:"}
    # Some mistakes it only warns of; what it says of the machine's own units is not about these.
    code, said = _run(["systemd-analyze", "--man=no", "verify", *names], where)
    wrong = [line for line in said if "appointments-" in line]
    wrong = wrong or (said or ["systemd-analyze verify failed"]) * (code != 0)
    for name in names[:-1]:
        limit = f"--threshold={MOST_EXPOSED * 10:.0f}"
        code, said = _run(["systemd-analyze", "security", "--offline=yes", limit, name], where)
        wrong += [said[-1] if said else f"{name} was not looked at"] * (code != 0)
    return wrong


def complaints_of_nginx(folder: Path) -> list[str]:
    file = written_for(folder, (DEPLOY / "nginx.conf").read_text(), plain=8080, encrypted=8443)
    code, said = _run([program("nginx"), "-t", "-q", "-c", str(file), "-p", str(folder)], {})
    return said or ["nginx -t failed"] * (code != 0)


def written_for(
    folder: Path, text: str, *, plain: int, encrypted: int, server: str = "127.0.0.1:8000"
) -> Path:
    """nginx's whole configuration with these ports, whose files, and a certificate, lie in `folder`."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    if not key.exists():
        asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=clinic.example"]
        names = ["-addext", "subjectAltName=DNS:clinic.example"]
        command = ["openssl", *asked, *names, "-keyout", str(key), "-out", str(certificate)]
        subprocess.run(command, check=True, capture_output=True)
    text = text.replace("/etc/ssl/appointments", str(folder)).replace("/var/log/nginx", str(folder))
    text = text.replace("127.0.0.1:8000", server)
    text = re.sub(r"listen (\[::\]:)?80\b", rf"listen \g<1>{plain}", text)
    text = re.sub(r"listen (\[::\]:)?443\b", rf"listen \g<1>{encrypted}", text)
    places = "".join(f"{name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
    whole = f"error_log {folder}/error.log;\npid {folder}/nginx.pid;\nworker_processes 1;\n"
    whole += f"events {{ worker_connections 768; }}\nhttp {{\n{places}{text}}}\n"
    file = folder / "nginx.conf"
    file.write_text(whole)
    return file


def _run(command: Sequence[str], env: dict[str, str]) -> tuple[int, list[str]]:
    """With which code a program left, and the lines that it said."""
    done = subprocess.run(
        command, env=os.environ | env, capture_output=True, text=True, errors="replace", check=False
    )
    return done.returncode, [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]


def program(name: str) -> str:
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])) or name


if __name__ == "__main__":
    sys.exit(main())
