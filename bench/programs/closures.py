# Closures: counters that share a variable, composed functions, and functions given to others.
import sys


def make_counter(step):
    count = 0

    def counter():
        nonlocal count
        count += step
        return count

    return counter


def compose(f, g):
    return lambda x: f(g(x))


def fold(xs, start, f):
    total = start
    for x in xs:
        total = f(total, x)
    return total


def run(n):
    by_two = make_counter(2)
    by_three = make_counter(3)
    both = compose(lambda x: x + 1, lambda x: x * 2)
    xs = [1, 2, 3, 4, 5, 6, 7, 8]
    total = 0
    i = 0
    while i < n:
        total += both(by_two()) + by_three()
        limit = i % 10
        total += fold(xs, 0, lambda sum, x: sum + x * limit)
        total = total % 1000003
        i += 1
    return total


print(run(int(sys.argv[1])))
