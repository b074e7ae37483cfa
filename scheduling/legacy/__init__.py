"""Adoption of the clinic's old appointmentdb, in place. `docs/adopting.md` is its operator's page.

`adoption` does it, `undo` takes it back, `originals` drops what was kept. Each looks at the database to see
what is done, and keeps no notes of its own: so each can be killed anywhere and run again.
"""
