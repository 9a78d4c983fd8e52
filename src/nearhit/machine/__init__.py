"""The machine: hardware, its conditions while measuring, CUDA, the clock, and compiled kernels.

`provenance` is the commit and the package versions of a record.
"""
