"""How a job says that it could not do its work."""


class JobFailed(Exception):
    """`str()` says why, in a sentence without personal data."""
