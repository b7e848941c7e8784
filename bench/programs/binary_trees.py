# Allocation: many small trees, built and dropped.
import sys


class Node:
    def __init__(self, left=None, right=None):
        self.left = left
        self.right = right


def build(depth):
    if depth == 0:
        return Node()
    return Node(build(depth - 1), build(depth - 1))


def count(node):
    if node.left is None:
        return 1
    return 1 + count(node.left) + count(node.right)


def run(depth):
    long_lived = build(depth)
    total = 0
    d = 4
    while d <= depth:
        turns = 1
        for i in range(depth - d):
            turns = turns * 2
        for i in range(turns):
            total += count(build(d))
        d += 2
    return total + count(long_lived)


print(run(int(sys.argv[1])))
