-- Strings: join, split, replace, search, upper case and comparison of small texts.
local function run(n)
  local total = 0
  for i = 0, n - 1 do
    local parts = {}
    for k = 0, 7 do
      parts[#parts + 1] = "item" .. tostring(i * 8 + k)
    end
    local text = table.concat(parts, ",")
    local upper = text:upper()
    local shorter = upper:gsub("ITEM", "x")
    for word in shorter:gmatch("[^,]+") do
      total = total + #word
      if word > "x5" then
        total = total + 1
      end
    end
    total = total + text:find(tostring(i * 8 + 7), 1, true) - 1
  end
  return total
end

print(run(tonumber(arg[1])))
