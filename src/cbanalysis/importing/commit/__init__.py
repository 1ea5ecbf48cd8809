"""What comes into data/ is checked, traced to its cell, logged, and can be undone."""
