"""nearhit: approximate-nearest-neighbour libraries compared on particle tracking."""
