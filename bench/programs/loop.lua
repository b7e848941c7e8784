-- Int arithmetic and branches in a tight loop.
local function run(n)
  local total = 0
  local odd = 0
  local i = 0
  while i < n do
    local square = i * i % 1000
    if square % 2 == 1 then
      odd = odd + 1
    end
    total = total + square
    i = i + 1
  end
  return total * 10 + odd % 10
end

print(run(tonumber(arg[1])))
