"""`python -m sandbox.cloud`: serve the simulated cloud, look into it, change it behind Pulumi's back."""

import sys

from sandbox.cloud.commands import main

sys.exit(main(sys.argv[1:]))
