"""One file per library; copy the shortest to add another."""
