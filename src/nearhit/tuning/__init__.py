"""The best setting of a library for a demanded quality, searched within given seconds.

`space` is what may be set, `goal` what is demanded, `search` the sampling of settings and their
pruning, `bench` the measurement of one setting in a worker (`held`), `finals` the comparison of
the best with the default on held-out events, and `tune` all of it for several libraries.
"""
