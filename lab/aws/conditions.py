"""How the lab's AWS behaves: what differs between accounts and days, as said by `AwsConditions` in conditions.ts.

All times are seconds of the real world; the lab divides them by `timeFactor`.
"""

import copy

current = {}


def set_all(conditions):
    """Takes the place of what held before."""
    current.clear()
    current.update(copy.deepcopy(conditions))


def get(*path):
    value = current
    for key in path:
        value = value[key]
    return value


def scaled(seconds):
    """Real seconds in the lab's time."""
    return seconds / current["timeFactor"]
