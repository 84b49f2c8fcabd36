"""From request to finished operation through the service, beside a plain script on the same engine.

The service: POST to the API until the operation's end is answered, with everything recorded in
Postgres. The script: its process from start to end, state in files. Both make the same resources in
the same simulated cloud, without latency, a new stack each time.
"""

import time
from statistics import median

from benchmarks._service_bench import ServiceBench, side_by_side
from service.engine.choice import choose_engine
from service.settings import Settings

REPEATS_BY_COUNT = {10: 5, 100: 3, 500: 1}


def main() -> None:
    """Measure both sides by turns and print how they compare and grow."""
    engine = choose_engine(Settings())
    print(f"engine: {engine.name} {engine.version}; seconds, median\n")
    with side_by_side(engine) as (bench, scripts):
        bench.start_worker()
        seconds_by_service(bench, "warm-up", 1)
        print(f"{'resources':>10} {'script':>8} {'service':>8} {'ratio':>6}")
        for count, repeats in REPEATS_BY_COUNT.items():
            names = [f"bench-{count}-{turn}" for turn in range(repeats)]
            pairs = [(scripts.seconds(count, name), seconds_by_service(bench, name, count)) for name in names]
            script, service = (median(side) for side in zip(*pairs, strict=True))
            print(f"{count:>10} {script:>8.2f} {service:>8.2f} {service / script:>6.2f}", flush=True)


def seconds_by_service(bench: ServiceBench, name: str, count: int) -> float:
    """Return the seconds from request to finished operation."""
    began = time.monotonic()
    bench.wait_for(bench.create(name, count))
    return time.monotonic() - began


if __name__ == "__main__":
    main()
