-- Text, one character at a time: words, numbers and operators of a small program.
local sub = string.sub

local function source_text()
  return "func area(width, height) { let size := width * height + 42; if size >= 100 { return size - 7 } return 3.25 } "
end

local function is_letter(c)
  return c >= "a" and c <= "z" or c >= "A" and c <= "Z" or c == "_"
end

local function is_digit(c)
  return c >= "0" and c <= "9"
end

local function scan(text)
  local n = #text
  local words = 0
  local numbers = 0
  local operators = 0
  local letters = 0
  local at = 1
  while at <= n do
    local c = sub(text, at, at)
    if c == " " then
      at = at + 1
    elseif is_letter(c) then
      local start = at
      while at <= n and (is_letter(sub(text, at, at)) or is_digit(sub(text, at, at))) do
        at = at + 1
      end
      letters = letters + #sub(text, start, at - 1)
      words = words + 1
    elseif is_digit(c) then
      while at <= n and (is_digit(sub(text, at, at)) or sub(text, at, at) == ".") do
        at = at + 1
      end
      numbers = numbers + 1
    else
      operators = operators + 1
      at = at + 1
    end
  end
  return { words, numbers, operators, letters }
end

local function run(n)
  local text = source_text()
  local total = 0
  for i = 1, n do
    local found = scan(text)
    total = total + found[1] + 2 * found[2] + 3 * found[3] + 4 * found[4]
  end
  return total
end

print(run(tonumber(arg[1])))
