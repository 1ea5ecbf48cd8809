"""What the columns and rows of a table mean: proposed from words, confirmed by a person, applied."""
