"""Cells: one thing to measure (`Cell`), and the lists of cells that suites and chains measure.

`pipeline` parses `helix in 50 of sphere-grid`; `status` is how a cell ends.
"""
