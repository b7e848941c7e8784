-- Tables: counting by int keys and by string keys, then going through both.
local function run(n)
  local words = {}
  for i = 0, 999 do
    words[i] = "word" .. tostring(i)
  end
  local by_number = {}
  local by_word = {}
  local seed = 42
  for i = 1, n do
    seed = seed * 16807 % 2147483647
    local number = seed % 5000
    if by_number[number] ~= nil then
      by_number[number] = by_number[number] + 1
    else
      by_number[number] = 1
    end
    local word = words[seed % 1000]
    if by_word[word] ~= nil then
      by_word[word] = by_word[word] + number
    else
      by_word[word] = number
    end
  end
  local total = 0
  for number, count in pairs(by_number) do
    total = total + number * count % 1000
  end
  for word, count in pairs(by_word) do
    total = total + count % 1000
  end
  return total
end

print(run(tonumber(arg[1])))
