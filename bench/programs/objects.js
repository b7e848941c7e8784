// Objects with methods, some of which change the object they are called on.
class Account {
  constructor(owner, balance = 0) {
    this.owner = owner;
    this.balance = balance;
    this.nChanges = 0;
  }

  deposit(amount) {
    this.balance += amount;
    this.nChanges += 1;
  }

  withdraw(amount) {
    if (amount > this.balance) {
      return false;
    }
    this.balance -= amount;
    this.nChanges += 1;
    return true;
  }

  worth() {
    return this.balance + this.owner;
  }
}

function run(n) {
  const first = new Account(1);
  let second = new Account(2);
  let refused = 0;
  let worth = 0;
  for (let i = 0; i < n; i++) {
    first.deposit(i % 7);
    second.deposit(i % 3);
    if (!second.withdraw(i % 5)) {
      refused += 1;
    }
    worth = (worth + first.worth() + second.worth()) % 1000003;
    if (i % 100 === 0) {
      second = new Account(i, second.balance);
    }
  }
  return worth * 10 + refused % 10 + first.nChanges + second.nChanges;
}

console.log(run(Number(process.argv[2])));
