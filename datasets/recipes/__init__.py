"""Recipes of simulated events, one module per recipe or family of recipes."""
