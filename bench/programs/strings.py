# Strings: join, split, replace, search, upper case and comparison of small texts.
import sys


def run(n):
    total = 0
    for i in range(n):
        parts = []
        for k in range(8):
            parts.append("item" + str(i * 8 + k))
        text = ",".join(parts)
        upper = text.upper()
        shorter = upper.replace("ITEM", "x")
        for word in shorter.split(","):
            total += len(word)
            if word > "x5":
                total += 1
        total += text.index(str(i * 8 + 7))
    return total


print(run(int(sys.argv[1])))
