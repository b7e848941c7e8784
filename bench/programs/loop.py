# Int arithmetic and branches in a tight loop.
import sys


def run(n):
    total = 0
    odd = 0
    i = 0
    while i < n:
        square = i * i % 1000
        if square % 2 == 1:
            odd += 1
        total += square
        i += 1
    return total * 10 + odd % 10


print(run(int(sys.argv[1])))
