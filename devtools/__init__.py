"""What dev.py is made of: set-up, build and checks, with the standard library only."""
