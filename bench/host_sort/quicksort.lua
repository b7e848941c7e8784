-- The same with a quick sort written in the language.
local function partition(xs, low, high, before)
  local middle = math.floor((low + high) / 2)
  local pivot = xs[middle]
  xs[middle] = xs[high]
  xs[high] = pivot
  local at = low
  for i = low, high - 1 do
    local x = xs[i]
    if before(x, pivot) then
      xs[i] = xs[at]
      xs[at] = x
      at = at + 1
    end
  end
  xs[high] = xs[at]
  xs[at] = pivot
  return at
end

local function quick_sort(xs, low, high, before)
  while low < high do
    local at = partition(xs, low, high, before)
    quick_sort(xs, low, at - 1, before)
    low = at + 1
  end
end

return function(n)
  local records = {}
  for i = 1, n do
    records[i] = record(i - 1)
  end
  quick_sort(records, 1, n, function(a, b) return a:before(b) end)
  local total = 0
  for _, it in ipairs(records) do
    total = (total * 31 + it:id()) % 1000003
  end
  return total
end
