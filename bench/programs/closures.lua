-- Closures: counters that share a variable, composed functions, and functions given to others.
local function make_counter(step)
  local count = 0
  return function()
    count = count + step
    return count
  end
end

local function compose(f, g)
  return function(x)
    return f(g(x))
  end
end

local function fold(xs, start, f)
  local total = start
  for _, x in ipairs(xs) do
    total = f(total, x)
  end
  return total
end

local function run(n)
  local by_two = make_counter(2)
  local by_three = make_counter(3)
  local both = compose(function(x) return x + 1 end, function(x) return x * 2 end)
  local xs = { 1, 2, 3, 4, 5, 6, 7, 8 }
  local total = 0
  local i = 0
  while i < n do
    total = total + both(by_two()) + by_three()
    local limit = i % 10
    total = total + fold(xs, 0, function(sum, x) return sum + x * limit end)
    total = total % 1000003
    i = i + 1
  end
  return total
end

print(run(tonumber(arg[1])))
