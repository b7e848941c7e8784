# Arrays: the sieve of Eratosthenes.
import sys


def primes_below(n):
    composite = []
    for i in range(n):
        composite.append(False)
    count = 0
    for i in range(2, n):
        if not composite[i]:
            count += 1
            j = i * i
            while j < n:
                composite[j] = True
                j += i
    return count


print(primes_below(int(sys.argv[1])))
