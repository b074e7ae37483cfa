"""What the clock does: `manage.py run_jobs`.

`registry` says which jobs there are and when; `leases` that each is done by one process at a time; `running`
does what is due. The other modules are the work.
"""
