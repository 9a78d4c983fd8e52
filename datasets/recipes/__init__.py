"""What can be simulated: one short file per recipe, or per family of them."""
