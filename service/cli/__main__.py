"""Lets `python -m service.cli` be the berth command."""

from service.cli.app import main

main()
