# Sorting: a heap sort written in the language, checked against the one that is built in.
import sys


def sift_down(xs, start, end):
    root = start
    item = xs[root]
    while True:
        child = 2 * root + 1
        if child >= end:
            break
        if child + 1 < end and xs[child] < xs[child + 1]:
            child += 1
        if item >= xs[child]:
            break
        xs[root] = xs[child]
        root = child
    xs[root] = item
    return xs


def heap_sort(xs):
    n = len(xs)
    start = n
    while start > 0:
        start -= 1
        if 2 * start + 1 < n:
            xs = sift_down(xs, start, n)
    end = n - 1
    while end > 0:
        last = xs[end]
        xs[end] = xs[0]
        xs[0] = last
        xs = sift_down(xs, 0, end)
        end -= 1
    return xs


def run(n):
    xs = []
    seed = 42
    for i in range(n):
        seed = seed * 16807 % 2147483647
        xs.append(seed % 1000000)
    theirs = sorted(xs)
    ours = heap_sort(xs)
    total = 0
    for i in range(n):
        if ours[i] != theirs[i]:
            raise ValueError("not sorted")
        total = (total * 31 + ours[i]) % 1000003
    return total


print(run(int(sys.argv[1])))
