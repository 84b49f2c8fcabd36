"""Prints the table of permissions, for docs/access.md: `python -m service.access`."""

import sys

from service.access.permissions import permission_table

if __name__ == "__main__":
    sys.stdout.write(permission_table())
