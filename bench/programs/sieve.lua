-- Arrays: the sieve of Eratosthenes.
local function primes_below(n)
  local composite = {}
  for i = 1, n do
    composite[i] = false
  end
  local count = 0
  for i = 2, n - 1 do
    if not composite[i + 1] then
      count = count + 1
      local j = i * i
      while j < n do
        composite[j + 1] = true
        j = j + i
      end
    end
  end
  return count
end

print(primes_below(tonumber(arg[1])))
