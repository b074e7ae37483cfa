"""The release before this one, whose code has to run on this one's tables: so a clinic can go back."""

VERSION = "0.9.0"
COMMIT = "cfcf8baafc391dee970042815899f95d9d0b9244"
MIGRATIONS = [("accounts", "0005_forms_not_saved_yet"), ("scheduling", "0018_hours_versions")]
