//! Structs with methods, some of which change the struct they are called on.

struct Account {
    owner: i64,
    balance: i64,
    n_changes: i64,
}

impl Account {
    fn new(owner: i64, balance: i64) -> Self {
        Self { owner, balance, n_changes: 0 }
    }

    fn deposit(&mut self, amount: i64) {
        self.balance += amount;
        self.n_changes += 1;
    }

    fn withdraw(&mut self, amount: i64) -> bool {
        if amount > self.balance {
            return false;
        }
        self.balance -= amount;
        self.n_changes += 1;
        true
    }

    fn worth(&self) -> i64 {
        self.balance + self.owner
    }
}

pub fn run(n: i64) -> i64 {
    let mut first = Account::new(1, 0);
    let mut second = Account::new(2, 0);
    let mut refused = 0;
    let mut worth = 0;
    for i in 0..n {
        first.deposit(i % 7);
        second.deposit(i % 3);
        if !second.withdraw(i % 5) {
            refused += 1;
        }
        worth = (worth + first.worth() + second.worth()) % 1000003;
        if i % 100 == 0 {
            second = Account::new(i, second.balance);
        }
    }
    worth * 10 + refused % 10 + first.n_changes + second.n_changes
}
