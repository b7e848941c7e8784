// Floats in the fields of objects: the planets of the solar system.
class Body {
  constructor(x, y, z, vx, vy, vz, mass) {
    this.x = x;
    this.y = y;
    this.z = z;
    this.vx = vx;
    this.vy = vy;
    this.vz = vz;
    this.mass = mass;
  }
}

function solarSystem() {
  const solarMass = 39.47841760435743;
  const days = 365.24;
  return [
    new Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, solarMass),
    new Body(
      4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
      0.00166007664274403694 * days, 0.00769901118419740425 * days,
      -0.0000690460016972063023 * days, 0.000954791938424326609 * solarMass,
    ),
    new Body(
      8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
      -0.00276742510726411115 * days, 0.00499852801234917238 * days,
      0.0000230417297573763929 * days, 0.000285885980666130812 * solarMass,
    ),
    new Body(
      12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
      0.00296460137564761618 * days, 0.00237847173959480950 * days,
      -0.0000296589568540237556 * days, 0.0000436624404335156298 * solarMass,
    ),
    new Body(
      15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
      0.00268067772490389322 * days, 0.00162824170038242295 * days,
      -0.0000951592254519715870 * days, 0.0000515138902046611451 * solarMass,
    ),
  ];
}

function energy(bodies) {
  let e = 0.0;
  for (let i = 0; i < bodies.length; i++) {
    const b = bodies[i];
    e += 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz);
    for (let j = i + 1; j < bodies.length; j++) {
      const other = bodies[j];
      const dx = b.x - other.x;
      const dy = b.y - other.y;
      const dz = b.z - other.z;
      e -= b.mass * other.mass / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return e;
}

function run(steps) {
  const bodies = solarSystem();
  const n = bodies.length;
  const dt = 0.01;
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < n; i++) {
      const b = bodies[i];
      const bx = b.x;
      const by = b.y;
      const bz = b.z;
      const mass = b.mass;
      let vx = b.vx;
      let vy = b.vy;
      let vz = b.vz;
      for (let j = i + 1; j < n; j++) {
        const other = bodies[j];
        const dx = bx - other.x;
        const dy = by - other.y;
        const dz = bz - other.z;
        const d2 = dx * dx + dy * dy + dz * dz;
        const mag = dt / (d2 * Math.sqrt(d2));
        const mine = other.mass * mag;
        vx -= dx * mine;
        vy -= dy * mine;
        vz -= dz * mine;
        const theirs = mass * mag;
        other.vx += dx * theirs;
        other.vy += dy * theirs;
        other.vz += dz * theirs;
      }
      b.vx = vx;
      b.vy = vy;
      b.vz = vz;
      b.x += dt * vx;
      b.y += dt * vy;
      b.z += dt * vz;
    }
  }
  return Math.floor(energy(bodies) * 1000000000.0);
}

console.log(run(Number(process.argv[2])));
