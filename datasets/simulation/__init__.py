"""Simulation of events: collisions, propagation through the detector, read-out and noise."""
