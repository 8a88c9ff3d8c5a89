"""What somebody meant who mistyped a word."""


def nearest(word, words):
    """The word nearest to a mistyped one, when it is near enough to be meant."""
    best, least = None, max(1, len(word) // 4) + 1
    for candidate in words:
        distance = edit_distance(word.lower(), candidate.lower(), least)
        if distance < least:
            best, least = candidate, distance
    return best


def edit_distance(source, target, limit):
    """Insertions, deletions, replacements and swaps of neighbours; gives up at `limit`."""
    if abs(len(source) - len(target)) >= limit:
        return limit
    before, row = [], list(range(len(target) + 1))
    for i, one in enumerate(source, 1):
        following = [i]
        for j, other in enumerate(target, 1):
            cost = min(following[j - 1] + 1, row[j] + 1, row[j - 1] + (one != other))
            if i > 1 and j > 1 and one == target[j - 2] and source[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]
