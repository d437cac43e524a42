# Python's module of heaps: lists in which no item is less than its parent, at half its place.


def _rise(heap, start, at):
    """Lets the item at a place rise to where its parent is not greater, not above `start`."""
    item = heap[at]
    while at > start:
        above = (at - 1) // 2
        if not item < heap[above]:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = item


def _sink(heap, at):
    """Lets the item at a place fall to a leaf, the smaller children rising, and rise from there: most belong low."""
    start, end = at, len(heap)
    item = heap[at]
    child = 2 * at + 1
    while child < end:
        if child + 1 < end and not heap[child] < heap[child + 1]:
            child += 1
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = item
    _rise(heap, start, at)


def heappush(heap, item, /):
    """Adds an item to a heap.

    dtype: none
    >>> heapq.heappush([1, 3], 2)
    """
    heap.append(item)
    _rise(heap, 0, len(heap) - 1)


def heappop(heap, /):
    """Takes the smallest item from a heap.

    dtype: as of the item
    >>> heapq.heappop([1, 3, 2])
    """
    if len(heap) == 0:
        raise IndexError('index out of range')
    last = heap.pop()
    if not heap:
        return last
    least = heap[0]
    heap[0] = last
    _sink(heap, 0)
    return least


def heapify(heap, /):
    """Makes a heap of a list, in place.

    dtype: none
    >>> heapq.heapify([3, 1, 2])
    """
    for at in range(len(heap) // 2 - 1, -1, -1):
        _sink(heap, at)


def heapreplace(heap, item, /):
    """Takes the smallest item from a heap, then adds another.

    dtype: as of the item
    >>> heapq.heapreplace([1, 3, 2], 5)
    """
    if len(heap) == 0:
        raise IndexError('index out of range')
    least = heap[0]
    heap[0] = item
    _sink(heap, 0)
    return least


def heappushpop(heap, item, /):
    """Adds an item to a heap, then takes the smallest.

    dtype: as of the item
    >>> heapq.heappushpop([1, 3, 2], 0)
    """
    if heap and heap[0] < item:
        return heapreplace(heap, item)
    return item


def nlargest(n, iterable, key=None):
    """The largest items, the largest first.

    dtype: as of the items
    >>> heapq.nlargest(2, [3, 1, 4, 1, 5])
    """
    return sorted(iterable, key=key, reverse=True)[: max(n, 0)]


def nsmallest(n, iterable, key=None):
    """The smallest items, the smallest first.

    dtype: as of the items
    >>> heapq.nsmallest(2, [3, 1, 4, 1, 5])
    """
    return sorted(iterable, key=key)[: max(n, 0)]
