"""One file per format of events that can be read."""
