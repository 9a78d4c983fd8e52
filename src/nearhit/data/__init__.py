"""Data and what is derived from it without an index: one dataclass a module.

`Event` with its hits, truth and particles (event), `Buckets` and `Tracks` are what travels through
the pipeline; detector, weights and spectra describe an event; grouping numbers rows in groups.
"""
