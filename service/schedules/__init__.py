"""What falls due for an environment: its end, pauses and resumes, drift checks, a failed creation's end."""
