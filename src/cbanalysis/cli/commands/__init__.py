"""The commands, a file each or a few: each is loaded when it is asked for."""
