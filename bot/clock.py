"""The one clock. `now()` is what cases live by; `wall()` is what sessions, links and rate limits live by."""

from datetime import UTC, datetime, timedelta
from threading import Lock

ZERO = timedelta(0)


class Clock:
    """Wall time plus an offset; the offset is moved only by the demonstration, and never back.

    The offset is kept in the database by whoever moves it, so that a restart goes on where the demonstration stood.
    """

    def __init__(self, offset: timedelta = ZERO) -> None:
        self._offset = offset
        self._lock = Lock()  # turns run in a writer thread, pages on the loop: both read the time

    @property
    def offset(self) -> timedelta:
        """How far `now()` stands from the wall."""
        return self._offset

    def wall(self) -> datetime:
        """The real time, aware, in UTC."""
        return datetime.now(UTC)

    def now(self) -> datetime:
        """The time that cases, timers and texts live by, aware, in UTC."""
        return self.wall() + self._offset

    def shift(self, offset: timedelta) -> None:
        """Set the whole offset: what was stored is taken up at the start."""
        with self._lock:
            self._offset = offset

    def forward(self, by: timedelta) -> datetime:
        """Move the demonstration's clock on and say what time it is then; ValueError for a step back."""
        if by < ZERO:
            raise ValueError("the clock is only moved forward: timers that have fired cannot be taken back")
        with self._lock:
            self._offset += by
        return self.now()
