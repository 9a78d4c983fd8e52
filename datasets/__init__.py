"""Data sets: readers of file formats, recipes of simulated events, and the bundled event."""
