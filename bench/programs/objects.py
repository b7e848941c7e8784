# Objects with methods, some of which change the object they are called on.
import sys


class Account:
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.n_changes = 0

    def deposit(self, amount):
        self.balance += amount
        self.n_changes += 1

    def withdraw(self, amount):
        if amount > self.balance:
            return False
        self.balance -= amount
        self.n_changes += 1
        return True

    def worth(self):
        return self.balance + self.owner


def run(n):
    first = Account(1)
    second = Account(2)
    refused = 0
    worth = 0
    i = 0
    while i < n:
        first.deposit(i % 7)
        second.deposit(i % 3)
        if not second.withdraw(i % 5):
            refused += 1
        worth = (worth + first.worth() + second.worth()) % 1000003
        if i % 100 == 0:
            second = Account(i, second.balance)
        i += 1
    return worth * 10 + refused % 10 + first.n_changes + second.n_changes


print(run(int(sys.argv[1])))
