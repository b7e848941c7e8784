-- Floats in the fields of tables: the planets of the solar system.
local sqrt = math.sqrt

local function solar_system()
  local solar_mass = 39.47841760435743
  local days = 365.24
  return {
    { x = 0.0, y = 0.0, z = 0.0, vx = 0.0, vy = 0.0, vz = 0.0, mass = solar_mass },
    {
      x = 4.84143144246472090, y = -1.16032004402742839, z = -0.103622044471123109,
      vx = 0.00166007664274403694 * days, vy = 0.00769901118419740425 * days,
      vz = -0.0000690460016972063023 * days, mass = 0.000954791938424326609 * solar_mass,
    },
    {
      x = 8.34336671824457987, y = 4.12479856412430479, z = -0.403523417114321381,
      vx = -0.00276742510726411115 * days, vy = 0.00499852801234917238 * days,
      vz = 0.0000230417297573763929 * days, mass = 0.000285885980666130812 * solar_mass,
    },
    {
      x = 12.8943695621391310, y = -15.1111514016986312, z = -0.223307578892655734,
      vx = 0.00296460137564761618 * days, vy = 0.00237847173959480950 * days,
      vz = -0.0000296589568540237556 * days, mass = 0.0000436624404335156298 * solar_mass,
    },
    {
      x = 15.3796971148509165, y = -25.9193146099879641, z = 0.179258772950371181,
      vx = 0.00268067772490389322 * days, vy = 0.00162824170038242295 * days,
      vz = -0.0000951592254519715870 * days, mass = 0.0000515138902046611451 * solar_mass,
    },
  }
end

local function energy(bodies)
  local e = 0.0
  for i = 1, #bodies do
    local b = bodies[i]
    e = e + 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz)
    for j = i + 1, #bodies do
      local other = bodies[j]
      local dx = b.x - other.x
      local dy = b.y - other.y
      local dz = b.z - other.z
      e = e - b.mass * other.mass / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return e
end

local function run(steps)
  local bodies = solar_system()
  local n = #bodies
  local dt = 0.01
  for step = 1, steps do
    for i = 1, n do
      local b = bodies[i]
      local bx = b.x
      local by = b.y
      local bz = b.z
      local mass = b.mass
      local vx = b.vx
      local vy = b.vy
      local vz = b.vz
      for j = i + 1, n do
        local other = bodies[j]
        local dx = bx - other.x
        local dy = by - other.y
        local dz = bz - other.z
        local d2 = dx * dx + dy * dy + dz * dz
        local mag = dt / (d2 * sqrt(d2))
        local mine = other.mass * mag
        vx = vx - dx * mine
        vy = vy - dy * mine
        vz = vz - dz * mine
        local theirs = mass * mag
        other.vx = other.vx + dx * theirs
        other.vy = other.vy + dy * theirs
        other.vz = other.vz + dz * theirs
      end
      b.vx = vx
      b.vy = vy
      b.vz = vz
      b.x = b.x + dt * vx
      b.y = b.y + dt * vy
      b.z = b.z + dt * vz
    end
  end
  return math.floor(energy(bodies) * 1000000000.0)
end

print(run(tonumber(arg[1])))
