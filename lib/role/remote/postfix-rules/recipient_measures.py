"""What is known of the entries that the graph of recipients has done with, in a few bytes for each."""

from array import array

# Of no entry: no entry of virtual(5) in a row, one address in the end, no alias, nobody to ask.
UNMEASURED = (0, 1, 0, False)
LARGEST = 2**32 - 1


class Measures:
    """Depth, size, nested aliases and whether somebody else is asked, by node: (table, key). Of tables that number their keys
    (file_table.py) they are in arrays, of others in a dict."""

    def __init__(self, tables):
        self.tables = tables
        self.few = {}
        self.arrays = {}

    def __contains__(self, node):
        return self.get(node) is not UNMEASURED

    def get(self, node):
        table, key = node
        entries = self.tables[table]
        if not hasattr(entries, "slot"):
            return self.few.get(node, UNMEASURED)
        if table not in self.arrays:
            return UNMEASURED
        at = entries.slot(key)
        depths, sizes, others = self.arrays[table]
        if at is None or depths[at] == 0:
            return UNMEASURED
        return depths[at], sizes[at], others[at] >> 1, bool(others[at] & 1)

    def set(self, node, depth, size, nested, asks):
        table, key = node
        entries = self.tables[table]
        if not hasattr(entries, "slot"):
            self.few[node] = (depth, size, nested, asks)
            return
        if table not in self.arrays:
            count = entries.size()
            self.arrays[table] = (array("I", bytes(4 * count)), array("I", bytes(4 * count)), bytearray(count))
        at = entries.slot(key)
        depths, sizes, others = self.arrays[table]
        depths[at], sizes[at], others[at] = depth, min(size, LARGEST), min(nested, 127) << 1 | asks
