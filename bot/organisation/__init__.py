"""An organisation as its clerk wrote it down: areas, places, people, posts and rosters, read from a folder of CSV files.

`read_organisation` gives everything that could be read and everything that is wrong, all at once; only what has no fault of severity
"error" may be taken into the database.
"""

from bot.organisation.faults import Fault
from bot.organisation.read import read_organisation
from casework.organisation import (
    AreaRow,
    ExceptionRow,
    LeaveRow,
    Organisation,
    PersonRow,
    PlaceRow,
    PostRow,
    RosterRow,
    WorkdayRow,
)

__all__ = [
    "AreaRow",
    "ExceptionRow",
    "Fault",
    "LeaveRow",
    "Organisation",
    "PersonRow",
    "PlaceRow",
    "PostRow",
    "RosterRow",
    "WorkdayRow",
    "read_organisation",
]
