"""The door: ``python run.py …`` is the command ``sheets-sync …``."""

from sheets_sync.cli import main

if __name__ == "__main__":
    main()
