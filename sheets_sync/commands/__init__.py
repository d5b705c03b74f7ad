"""The commands: from what a desk holds to what a person asked for, one module each."""
