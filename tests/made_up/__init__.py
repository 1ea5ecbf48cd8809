"""Tables made up for the tests: no figure in them was ever published."""
