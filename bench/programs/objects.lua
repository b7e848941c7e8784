-- Tables with methods, some of which change the table they are called on.
local Account = {}
Account.__index = Account

function Account.new(owner, balance)
  return setmetatable({ owner = owner, balance = balance, n_changes = 0 }, Account)
end

function Account:deposit(amount)
  self.balance = self.balance + amount
  self.n_changes = self.n_changes + 1
end

function Account:withdraw(amount)
  if amount > self.balance then
    return false
  end
  self.balance = self.balance - amount
  self.n_changes = self.n_changes + 1
  return true
end

function Account:worth()
  return self.balance + self.owner
end

local function run(n)
  local first = Account.new(1, 0)
  local second = Account.new(2, 0)
  local refused = 0
  local worth = 0
  local i = 0
  while i < n do
    first:deposit(i % 7)
    second:deposit(i % 3)
    if not second:withdraw(i % 5) then
      refused = refused + 1
    end
    worth = (worth + first:worth() + second:worth()) % 1000003
    if i % 100 == 0 then
      second = Account.new(i, second.balance)
    end
    i = i + 1
  end
  return worth * 10 + refused % 10 + first.n_changes + second.n_changes
end

print(run(tonumber(arg[1])))
