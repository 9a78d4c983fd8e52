"""The machine: hardware, its conditions while measuring, CUDA, the clock, and compiled kernels.

`provenance` names the commit and the versions that a record stands on.
"""
