"""What a worker counts, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

# Seconds; operations take from one second (nothing to change) to an hour (a database, a cluster).
DURATION_BUCKETS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)

operations_finished = Counter(
    "berth_worker_operations_finished_total", "Operations that this worker ended", ("kind", "state")
)
operations_running = Gauge("berth_worker_operations_running", "Operations that this worker runs now")
operation_seconds = Histogram(
    "berth_worker_operation_seconds", "From claim to end", ("kind",), buckets=DURATION_BUCKETS
)
runner_wait_seconds = Histogram(
    "berth_worker_runner_wait_seconds",
    "From claim until a runner has its job",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
)
events_recorded = Counter("berth_worker_events_recorded_total", "Engine events handed to the records")
leases_lost = Counter("berth_worker_leases_lost_total", "Runs that this worker had to end")
operations_rescued = Counter(
    "berth_worker_operations_rescued_total", "Operations of dead workers that this one declared interrupted"
)
attempts_repeated = Counter(
    "berth_worker_attempts_repeated_total", "Attempts that followed a transient failure of the same run"
)
operations_recovered = Counter(
    "berth_worker_operations_recovered_total", "Interrupted operations that were put in line again unasked"
)
rows_swept = Counter("berth_worker_rows_swept_total", "Old records that this worker deleted", ("sweep",))
rescues_failed = Counter("berth_worker_rescues_failed_total", "Expired operations that could not be rescued")
chores_failed = Counter("berth_worker_chores_failed_total", "Chores that ended with a fault", ["chore"])
