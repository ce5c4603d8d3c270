"""What waits: messages in, messages out, timers. Every query is built once and run on a connection.

"By the clock" is the time that cases live by (the demonstration can move it); "by the wall" is real time, for retries.
"""

from storage.queues.inbox import InboxRow, StoredRow, store_incoming
from storage.queues.outbox import OutboxRow
from storage.queues.timers import TimerRow

__all__ = ["InboxRow", "OutboxRow", "StoredRow", "TimerRow", "store_incoming"]
