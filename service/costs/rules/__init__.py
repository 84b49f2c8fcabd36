"""How each kind of resource is charged for, one file for each part of an environment."""
