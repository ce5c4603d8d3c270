"""The running program: the only room that waits, listens or sends."""

__version__ = "0.1.0"
