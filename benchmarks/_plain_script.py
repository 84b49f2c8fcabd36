"""What people write without a service: create or select the stack, run `up`, read the outputs.

The engine, its backend and the providers come from the environment, as for any such script.
"""

import sys
import tempfile

from pulumi import automation

from benchmarks._log_groups import log_groups


def main(count: int, stack_names: list[str]) -> None:
    """Deploy `count` resources to each new stack, one after the other."""
    for stack_name in stack_names:
        with tempfile.TemporaryDirectory() as work_dir:
            stack = automation.create_or_select_stack(
                stack_name=stack_name,
                project_name="environments",
                program=log_groups(count),
                opts=automation.LocalWorkspaceOptions(work_dir=work_dir),
            )
            result = stack.up(parallel=16)
        if result.outputs["count"].value != count:
            sys.exit(f"expected {count} resources, the stack says {result.outputs['count'].value}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
