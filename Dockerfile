# The appointment book as an image, on the Debian that docs/installing.md installs it on: there the same steps are run
# without a container engine (python -m tests.deployment). Debian's security fixes come with a new build.
FROM debian:bookworm-slim AS build

# Debian takes the last version of a package away when a fix comes: a pinned one could not be built any more.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libmariadb-dev pkg-config python3-dev python3-venv \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/appointments
COPY requirements.txt requirements-mysql.txt ./
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir -r requirements.txt -r requirements-mysql.txt

COPY . .
# The settings ask for a secret; this one is of no use to anybody, and is gone with the step.
RUN SECRET_KEY="$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')" ALLOWED_HOSTS=localhost \
    DATABASE_URL=sqlite://:memory: /opt/venv/bin/python manage.py collectstatic --no-input


FROM debian:bookworm-slim

# mariadb-client is for backups.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmariadb3 mariadb-client python3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /srv --no-create-home clinic \
    && install -d -m 0700 -o clinic -g clinic /srv/data /srv/backups /srv/day-sheets

COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/appointments /srv/appointments

WORKDIR /srv/appointments
ENV PATH=/opt/venv/bin:$PATH LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0:8000
USER 10001:10001
EXPOSE 8000

# In exec form, since nothing but Python is needed to ask.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python3", "deploy/alive.py"]
CMD ["gunicorn", "appointments_site.wsgi"]
