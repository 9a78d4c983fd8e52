"""Records: one measured cell (`Record`), kept in a `Store`, read as a flat `Row`.

`staleness` says which records are out of date; `append_only`, `atomic_writes` and `checksum` keep
files whole; `migration` and `unpacked` read older records; `select` selects records by event and
machine.
"""
