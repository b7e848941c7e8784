-- Allocation: many small trees, built and dropped.
local function build(depth)
  if depth == 0 then
    return { left = nil, right = nil }
  end
  return { left = build(depth - 1), right = build(depth - 1) }
end

local function count(node)
  if node.left == nil then
    return 1
  end
  return 1 + count(node.left) + count(node.right)
end

local function run(depth)
  local long_lived = build(depth)
  local total = 0
  local d = 4
  while d <= depth do
    local turns = 1
    for i = 1, depth - d do
      turns = turns * 2
    end
    for i = 1, turns do
      total = total + count(build(d))
    end
    d = d + 2
  end
  return total + count(long_lived)
end

print(run(tonumber(arg[1])))
