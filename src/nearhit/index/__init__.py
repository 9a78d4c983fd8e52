"""Indexes: the interface around an adapter (`Index`), batches, and nearhit's own `sphere_grid`."""
