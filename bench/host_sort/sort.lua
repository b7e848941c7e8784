-- Sorts records of the host by a comparator that calls their method.
return function(n)
  local records = {}
  for i = 1, n do
    records[i] = record(i - 1)
  end
  table.sort(records, function(a, b) return a:before(b) end)
  local total = 0
  for _, it in ipairs(records) do
    total = (total * 31 + it:id()) % 1000003
  end
  return total
end
