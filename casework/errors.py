"""One family of errors; each tells a person what to do next."""


class JiesuError(Exception):
    """Something that a person can act upon. `str(error)` is the sentence to show."""


class Conflict(JiesuError):
    """Somebody else changed the row since it was read: run the whole turn again."""


class Corrupt(JiesuError):
    """Stored data breaks a promise of the house (see casework/audit.py)."""
