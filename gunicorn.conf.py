"""gunicorn's settings: `gunicorn appointments_site.wsgi` reads this file from the folder it is started in."""

import os

from appointments_site.places import child_exit, make_folder, post_fork, pre_fork  # noqa: F401  (gunicorn calls them)

make_folder()

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")

# Loaded once, before the workers are forked: where the database does not answer, nothing is started at all.
# The check closes its connection, so that workers do not share one.
preload_app = True

workers = int(os.environ.get("WEB_CONCURRENCY") or min(2 * (os.cpu_count() or 1) + 1, 9))
# gthread, with threads of their own for /healthz and /readyz.
worker_class = "appointments_site.worker.Worker"
threads = 4
# A request takes well under a second; a worker that was lost in one for half a minute is replaced.
timeout = 30
graceful_timeout = 20
# Seconds; above a proxy's idle time it would only hold connections. One that is kept stays with its worker:
# appointments_site/spreading.py gives each worker as many as the others.
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# The heartbeat file must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108

# No access log: addresses of pages hold the identities of visits. A proxy's log is the place for it.
accesslog = None
errorlog = "-"
logger_class = "appointments_site.gunicorn_log.Logger"  # the same form, and as little of people
loglevel = "info"

# Nobody manages it through a socket in somebody's home folder; signals do.
control_socket_disable = True
