# Dicts: counting by int keys and by string keys, then going through both.
import sys


def run(n):
    words = []
    for i in range(1000):
        words.append("word" + str(i))
    by_number = {}
    by_word = {}
    seed = 42
    for i in range(n):
        seed = seed * 16807 % 2147483647
        number = seed % 5000
        if number in by_number:
            by_number[number] += 1
        else:
            by_number[number] = 1
        word = words[seed % 1000]
        if word in by_word:
            by_word[word] += number
        else:
            by_word[word] = number
    total = 0
    for number in by_number:
        total += number * by_number[number] % 1000
    for word in by_word:
        total += by_word[word] % 1000
    return total


print(run(int(sys.argv[1])))
