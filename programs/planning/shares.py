"""How tasks are split between two families of capacity. Pure."""


def split_count(count: int, main_weight: int, second_weight: int) -> tuple[int, int]:
    """Split a number of tasks between two families by weight, rounding in the larger one's favour.

    The second family gets at least one task of two or more: an autoscaler cannot judge a service without
    tasks, and a request that weighs a family means it.
    """
    second = count * second_weight // (main_weight + second_weight)
    if second == 0 and count > 1:
        second = 1
    return count - second, second
