-- Sorting: a heap sort written in the language, checked against the one that is built in.
local function sift_down(xs, start, last)
  local root = start
  local item = xs[root + 1]
  while true do
    local child = 2 * root + 1
    if child >= last then
      break
    end
    if child + 1 < last and xs[child + 1] < xs[child + 2] then
      child = child + 1
    end
    if item >= xs[child + 1] then
      break
    end
    xs[root + 1] = xs[child + 1]
    root = child
  end
  xs[root + 1] = item
  return xs
end

local function heap_sort(xs)
  local n = #xs
  local start = n
  while start > 0 do
    start = start - 1
    if 2 * start + 1 < n then
      xs = sift_down(xs, start, n)
    end
  end
  local last = n - 1
  while last > 0 do
    local item = xs[last + 1]
    xs[last + 1] = xs[1]
    xs[1] = item
    xs = sift_down(xs, 0, last)
    last = last - 1
  end
  return xs
end

local function run(n)
  local xs = {}
  local theirs = {}
  local seed = 42
  for i = 1, n do
    seed = seed * 16807 % 2147483647
    xs[i] = seed % 1000000
    theirs[i] = xs[i]
  end
  local ours = heap_sort(xs)
  table.sort(theirs)
  local total = 0
  for i = 1, n do
    if ours[i] ~= theirs[i] then
      error("not sorted")
    end
    total = (total * 31 + ours[i]) % 1000003
  end
  return total
end

print(run(tonumber(arg[1])))
