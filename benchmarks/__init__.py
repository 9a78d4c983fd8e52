"""The asv suites: thin, they look up what nearhit's runner measured.

`NEARHIT_PROFILE` chooses `quick` (the default) or `full`; `NEARHIT_EVENT` an event other than the
bundled one; `NEARHIT_PROGRESS` a file to which a line is added for every measured cell. Cells that
suites have in common are measured once if `NEARHIT_SINCE` (UTC, ISO 8601) says when the run began.
"""
