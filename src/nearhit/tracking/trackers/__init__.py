"""Trackers, one file each; every module's own class is found through the entry point group."""
