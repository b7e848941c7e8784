# Floats in lists and small functions: the spectral norm of an infinite matrix.
import math
import sys


def a(i, j):
    ij = i + j
    return 1.0 / (ij * (ij + 1) * 0.5 + i + 1.0)


def times(v, n):
    out = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += a(i, j) * v[j]
        out.append(total)
    return out


def times_transposed(v, n):
    out = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += a(j, i) * v[j]
        out.append(total)
    return out


def run(n):
    u = []
    for i in range(n):
        u.append(1.0)
    v = []
    for i in range(10):
        v = times_transposed(times(u, n), n)
        u = times_transposed(times(v, n), n)
    vbv = 0.0
    vv = 0.0
    for i in range(n):
        vbv += u[i] * v[i]
        vv += v[i] * v[i]
    return math.floor(math.sqrt(vbv / vv) * 1000000000.0)


print(run(int(sys.argv[1])))
