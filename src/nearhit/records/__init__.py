"""Records: one measured cell (`Record`), kept in a `Store`, read as a flat `Row`.

`staleness` says which records are out of date; `atomic_writes` and `checksum` keep files whole;
`select` selects records by event and machine.
"""
