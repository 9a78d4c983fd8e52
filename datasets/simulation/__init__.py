"""How events are simulated: collisions, the way through the detector, the read-out and noise."""
