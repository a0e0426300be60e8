"""Reads a run back."""

import sys

from reading import read, tell

tell(read(sys.argv[1]))
