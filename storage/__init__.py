"""SQLModel tables, every query on them, and the one writer."""
