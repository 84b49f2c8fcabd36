"""The `berth` command line: starts the parts, and calls the API as any other client does."""
