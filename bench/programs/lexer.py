# Text, one character at a time: words, numbers and operators of a small program.
import sys


def source_text():
    return "func area(width, height) { let size := width * height + 42; if size >= 100 { return size - 7 } return 3.25 } "


def is_letter(c):
    return c >= "a" and c <= "z" or c >= "A" and c <= "Z" or c == "_"


def is_digit(c):
    return c >= "0" and c <= "9"


def scan(text):
    n = len(text)
    words = 0
    numbers = 0
    operators = 0
    letters = 0
    at = 0
    while at < n:
        c = text[at]
        if c == " ":
            at += 1
        elif is_letter(c):
            start = at
            while at < n and (is_letter(text[at]) or is_digit(text[at])):
                at += 1
            letters += len(text[start:at])
            words += 1
        elif is_digit(c):
            while at < n and (is_digit(text[at]) or text[at] == "."):
                at += 1
            numbers += 1
        else:
            operators += 1
            at += 1
    return [words, numbers, operators, letters]


def run(n):
    text = source_text()
    total = 0
    for i in range(n):
        words, numbers, operators, letters = scan(text)
        total += words + 2 * numbers + 3 * operators + 4 * letters
    return total


print(run(int(sys.argv[1])))
