"""One chart a file: `spec` makes a Vega-Lite dict of plain data, `told` says the same in words. Both are pure: nothing is drawn here."""
