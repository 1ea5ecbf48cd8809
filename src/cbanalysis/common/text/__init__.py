"""Vietnamese text and number cells: letters, tone placement, `63,71%`, `gần 3 nghìn`, `11/18`."""
