-- Float arithmetic in local variables: the points of a grid that stay bounded.
local function run(n)
  local inside = 0
  local work = 0
  local row = 0
  while row < n do
    local ci = 2.0 * row / n - 1.0
    local column = 0
    while column < n do
      local cr = 2.0 * column / n - 1.5
      local zr = 0.0
      local zi = 0.0
      local turns = 0
      while turns < 50 and zr * zr + zi * zi <= 4.0 do
        local next = zr * zr - zi * zi + cr
        zi = 2.0 * zr * zi + ci
        zr = next
        turns = turns + 1
      end
      if turns == 50 then
        inside = inside + 1
      end
      work = work + turns
      column = column + 1
    end
    row = row + 1
  end
  return inside * 1000000 + work % 1000000
end

print(run(tonumber(arg[1])))
