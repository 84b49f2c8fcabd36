"""Which faults pass by themselves: what is tried again then may succeed."""

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# Of the database. The rest (such as DataError) is about what was to be written, and stays. InternalError is a
# transaction that Postgres has ended or lets only read: class 25 of
# https://www.postgresql.org/docs/current/errcodes-appendix.html
PASSING_FAULTS = (OperationalError, InterfaceError, InternalError, PoolTimeoutError, OSError)


class PassingError(RuntimeError):
    """What an attempt needs before it can begin does not answer at the moment."""
