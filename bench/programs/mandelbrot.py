# Float arithmetic in local variables: the points of a grid that stay bounded.
import sys


def run(n):
    inside = 0
    work = 0
    row = 0
    while row < n:
        ci = 2.0 * row / n - 1.0
        column = 0
        while column < n:
            cr = 2.0 * column / n - 1.5
            zr = 0.0
            zi = 0.0
            turns = 0
            while turns < 50 and zr * zr + zi * zi <= 4.0:
                next = zr * zr - zi * zi + cr
                zi = 2.0 * zr * zi + ci
                zr = next
                turns += 1
            if turns == 50:
                inside += 1
            work += turns
            column += 1
        row += 1
    return inside * 1000000 + work % 1000000


print(run(int(sys.argv[1])))
