"""The rules of the trade: pure functions over frozen values. No I/O, no clock, standard library only."""
